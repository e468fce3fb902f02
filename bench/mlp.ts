/** One step of a small GAN on points of the plane: what calls cost when the arithmetic is next to nothing. */

import { againstTorch } from './against-torch.ts';
import { mlpStep } from './programs/mlp.ts';
import type { Section } from './section.ts';

export function run(): Promise<Section> {
  return againstTorch('MLP GAN on 2-D points (2-128-128, batch 256)', mlpStep(), 'mlp.py', {
    rounds: 10,
    steps: 30,
    warmUp: 30,
    seconds: 40,
  });
}
