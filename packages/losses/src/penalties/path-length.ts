// StyleGAN2's path length regularisation: equal steps in latent space make equal changes in the image.
import { checkNumber, checkOptions, GanKitError, meanOverRanks, type Penalty, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { averagesState, movingAverage } from '../moving-average.ts';
import { gradientLength } from './input-gradient.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link pathLength}. */
export interface PathLengthOptions extends PenaltyOptions {
  /** How much of each batch enters the running mean, from 0 to 1; 0.01 when absent. */
  readonly decay?: number | undefined;
}

/**
 * Path length regularisation, with J = dG/dz, y standard normal divided by the square root of the number of pixels, and a
 * the running mean of the lengths:
 *
 * w mean_b (|J^T y| - a)^2, w = 2.
 *
 * a starts at 0, moves first, is a constant to the gradient, and is saved. StyleGAN2 evaluates it in every 4th update.
 * Source: Karras et al. 2020, equation 4.
 */
export function pathLength(options: PathLengthOptions = {}): Penalty & Stateful {
  checkOptions('pathLength', options, { ...penaltyOptionNames, decay: 'optional' });
  const { decay = 0.01 } = options;
  checkNumber('decay', decay, 0, 1);
  const meanLength = movingAverage(1 - decay, 0);
  return {
    ...penaltyFields('path-length', options, 2),
    player: 'generator',
    needsLatent: true,
    term: ({ latent, generate, fake, random, communicator }) =>
      tf.tidy(() => {
        if (latent === undefined) throw new GanKitError('incompatible', 'path-length needs the latents of the fakes.');
        const spatial = fake.shape.slice(1, -1);
        const pixels = spatial.reduce((product, size) => product * size, 1);
        const direction = random.normalTensor(fake.shape, 0, 1 / Math.sqrt(pixels));
        const gradient = tf.grad((z: tf.Tensor) => tf.sum(tf.mul(generate(z), direction)))(latent);
        const lengths = gradientLength(gradient);
        meanLength.update(meanOverRanks(tf.mean<tf.Scalar>(lengths), communicator));
        return tf.mean<tf.Scalar>(tf.square(tf.sub(lengths, meanLength.read())));
      }),
    ...averagesState({ meanLength }),
  };
}
