/** One step of an SNGAN with residual blocks: 3x3 convolutions at stride 1, nearest-neighbour upsampling, average pooling. */

import { againstTorch } from './against-torch.ts';
import type { Section } from './section.ts';

export async function run(): Promise<Section> {
  // Loaded here, since @gankit/engine gives the whole process other gradients, and other programs shall run without them.
  const { snganResnet } = await import('./programs/sngan-resnet.ts');
  return againstTorch(
    'SNGAN-ResNet 32x32 (width 64), batch 64: one update of each player',
    snganResnet(),
    'sngan_resnet.py',
    { rounds: 8, steps: 1, warmUp: 1, seconds: 40 },
  );
}
