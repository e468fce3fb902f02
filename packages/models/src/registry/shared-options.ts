// Options that several architectures have in common, described once.
import { choice, number, option, wholeNumber, wholeNumbers } from '@gankit/core/registry';
import { normalizations } from '../normalization.ts';
import { type GrowthSchedule, progressiveSchedule } from '../progressive-schedule.ts';

/** More than any network that fits into memory has. */
const most = 65_536;

export const latentSize = (value: number) =>
  option(wholeNumber({ maximum: most }), { default: value, description: 'the length of the latent vector' });

export const latentDistribution = option(choice(['normal', 'uniform']), {
  default: 'normal',
  description: 'how latents are drawn',
});

export const width = (value: number, description: string) =>
  option(wholeNumber({ maximum: most }), { default: value, description });

export const normalization = (value: (typeof normalizations)[number]) =>
  option(choice(normalizations), { default: value, description: 'what follows the inner convolutions' });

export const hidden = option(wholeNumbers({ maximum: most }), {
  default: [128, 128],
  description: 'the units of each hidden layer',
});

export const activation = (value: 'relu' | 'leakyRelu') =>
  option(choice(['relu', 'leakyRelu', 'tanh']), { default: value, description: 'of the hidden layers' });

export const attention = option(wholeNumber({ maximum: 1024 }), {
  description: 'the height of the feature map that goes through self-attention; none when absent',
});

export const codeSize = option(wholeNumber({ maximum: most }), {
  description: 'units of the code between encoder and decoder, for a loss of energies; its own choice when absent',
});

export const growUntil = option(number({ minimum: 0, maximum: 1 }), {
  default: 0.5,
  description: 'the share of the run after which the full resolution has faded in; 0 does not grow',
});

/**
 * Each resolution in turn for equal times, the last from `until` on; nothing where it does not grow.
 * @param height Of the full images; they double from the smallest of 4 to 7 pixels.
 */
export function growthOver(until: number, height: number, steps: number | undefined): GrowthSchedule | undefined {
  if (steps === undefined || until === 0) return undefined;
  const resolutions = [height];
  while (resolutions[0]! % 2 === 0 && resolutions[0]! >= 8) resolutions.unshift(resolutions[0]! / 2);
  if (resolutions.length === 1) return undefined;
  const each = Math.max(1, Math.round((until * steps) / resolutions.length));
  return progressiveSchedule({ stages: resolutions.map((resolution) => ({ resolution, steps: each })) });
}
