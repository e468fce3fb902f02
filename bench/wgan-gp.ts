/** One step of a WGAN-GP: the gradient penalty takes second derivatives. */

import { againstTorch } from './against-torch.ts';
import type { Section } from './section.ts';

export async function run(): Promise<Section> {
  // Loaded here, since @gankit/engine gives the whole process other gradients, and other programs shall run without them.
  const { wganGp } = await import('./programs/wgan-gp.ts');
  return againstTorch(
    'WGAN-GP 28x28 (networks of DCGAN-28), batch 64: one critic update with gradient penalty, one generator update',
    wganGp(),
    'wgan_gp.py',
    { rounds: 8, steps: 3, warmUp: 2, seconds: 40 },
  );
}
