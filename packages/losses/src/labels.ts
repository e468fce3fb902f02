// What the discriminator is told: the targets of its cross-entropy, smoothed and now and then flipped.
import { checkNumber, GanKitError, type RandomStream, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of every loss that tells the discriminator labels. The generator's loss always uses clean labels. */
export interface LabelOptions {
  /** How far the labels are moved from 0 and 1: s from 0 to 1; 0 when absent (Szegedy 2016; Salimans 2016, section 3.4). */
  readonly labelSmoothing?: number;
  /** `one-sided` (default): real 1 - s, generated 0. `symmetric`: y(1 - s) + s/2, so real 1 - s/2 and generated s/2. */
  readonly smoothing?: 'one-sided' | 'symmetric';
  /** Probability, 0 to 1, that a sample's label is swapped in one discriminator update; 0 when absent. */
  readonly labelFlipping?: number;
  /**
   * Where flips are drawn from; required when `labelFlipping` is not 0. The loss forks a stream of its own from it, whose
   * position becomes part of the loss's saved state, so that a resumed run flips the same labels.
   */
  readonly random?: RandomStream;
}

/** The labels of one loss. */
export interface Labels {
  /** The number that stands for "real" and the one for "generated", after smoothing. */
  readonly real: number;
  readonly fake: number;
  /**
   * The target of each sample of a batch: a number when all are alike, else a tensor of shape [batch, 1, ...] that
   * broadcasts against the logits. The caller owns it.
   */
  targets(kind: 'real' | 'fake', logits: tf.Tensor): number | tf.Tensor;
  /** Saving and restoring; absent when nothing is random. */
  readonly state?: Stateful;
}

/**
 * Labels from options.
 * @param realLabel The label of real samples before smoothing, and `fakeLabel` that of generated ones.
 * @throws GanKitError `invalid-argument` for numbers outside 0 to 1, or flipping without a random stream.
 */
export function makeLabels(options: LabelOptions, realLabel = 1, fakeLabel = 0): Labels {
  const { labelSmoothing = 0, smoothing = 'one-sided', labelFlipping = 0 } = options;
  checkNumber('labelSmoothing', labelSmoothing, 0, 1);
  checkNumber('labelFlipping', labelFlipping, 0, 1);
  const distance = realLabel - fakeLabel;
  const symmetric = smoothing === 'symmetric';
  const real = realLabel - distance * (symmetric ? labelSmoothing / 2 : labelSmoothing);
  const fake = symmetric ? fakeLabel + distance * (labelSmoothing / 2) : fakeLabel;
  if (labelFlipping === 0) return { real, fake, targets: (kind) => (kind === 'real' ? real : fake) };

  if (options.random === undefined) {
    throw new GanKitError('invalid-argument', `labelFlipping ${labelFlipping} needs a random stream; give \`random\`.`);
  }
  const random = options.random.fork('label-flipping');
  return {
    real,
    fake,
    targets(kind, logits) {
      const batch = logits.shape[0] ?? 1;
      const [own, other] = kind === 'real' ? [real, fake] : [fake, real];
      const values = Float32Array.from({ length: batch }, () => (random.uniform() < labelFlipping ? other : own));
      return tf.tensor(values, [batch, ...logits.shape.slice(1).map(() => 1)]);
    },
    state: {
      saveState: async () => ({ values: { flips: { ...random.saveState() } } }),
      loadState(state) {
        const flips = state.values?.['flips'] as ReturnType<RandomStream['saveState']> | undefined;
        if (flips === undefined) {
          throw new GanKitError('incompatible', `The saved state has no 'flips'; it belongs to another loss.`);
        }
        random.loadState(flips);
      },
    },
  };
}
