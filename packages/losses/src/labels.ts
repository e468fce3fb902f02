// What the discriminator is told: the targets of its cross-entropy, smoothed and now and then flipped.
import { checkChoice, checkNumber, type Decision, GanKitError, type RandomStream, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of every loss that tells the discriminator labels. The generator's loss always uses clean labels. */
export interface LabelOptions {
  /** How far the labels are moved from 0 and 1: s from 0 to 1; 0 when absent (Szegedy 2016; Salimans 2016, section 3.4). */
  readonly labelSmoothing?: number | undefined;
  /** `one-sided` (default): real 1 - s, generated 0. `symmetric`: y(1 - s) + s/2, so real 1 - s/2 and generated s/2. */
  readonly smoothing?: 'one-sided' | 'symmetric' | undefined;
  /** Probability, 0 to 1, that a sample's label is swapped in one discriminator update; 0 when absent. */
  readonly labelFlipping?: number | undefined;
  /**
   * Where flips are drawn from; required when `labelFlipping` is not 0. The loss forks a stream of its own from it, `label-flipping`,
   * whose position becomes part of the loss's saved state, so that a resumed run flips the same labels.
   */
  readonly random?: RandomStream | undefined;
}

/** The names of {@link LabelOptions}, for `checkOptions`. */
export const labelOptionNames = {
  labelSmoothing: 'optional',
  smoothing: 'optional',
  labelFlipping: 'optional',
  random: 'optional',
} as const;

/** The labels of one loss. */
export interface Labels {
  /** The number that stands for "real" and the one for "generated", after smoothing. */
  readonly real: number;
  readonly fake: number;
  /**
   * Where the line between real and generated lies on the scale of the labels. Of a sample that is real with probability q the best
   * discriminator says q real' + (1 - q) fake', with real' and fake' the mean labels that real and generated samples are given. At
   * q = 1/2 that is the midpoint of both labels, which flips do not move; flipping more than half of the labels exchanges the sides,
   * and where both mean labels are the same the discriminator has nothing to learn and there is no line.
   */
  readonly decision: Decision;
  /**
   * The target of each sample of a batch: a number when all are alike, else a tensor of shape [batch, 1, ...] that
   * broadcasts against the logits. The caller owns it.
   */
  targets(kind: 'real' | 'fake', logits: tf.Tensor): number | tf.Tensor;
  /** Saving and restoring; absent when nothing is random. */
  readonly state?: Stateful | undefined;
}

/**
 * Labels from options.
 * @param realLabel The label of real samples before smoothing, and `fakeLabel` that of generated ones.
 * @throws GanKitError `invalid-argument` for numbers outside 0 to 1, or flipping without a random stream; `unknown-name` for a
 *   smoothing that does not exist.
 */
export function makeLabels(options: LabelOptions, realLabel = 1, fakeLabel = 0): Labels {
  const { labelSmoothing = 0, smoothing = 'one-sided', labelFlipping = 0, random } = options;
  checkNumber('labelSmoothing', labelSmoothing, 0, 1);
  checkChoice('smoothing', smoothing, ['one-sided', 'symmetric']);
  checkNumber('labelFlipping', labelFlipping, 0, 1);
  const distance = realLabel - fakeLabel;
  const move = distance * labelSmoothing;
  const realShare = smoothing === 'symmetric' ? 0.5 : 1;
  const real = realLabel - move * realShare;
  const fake = fakeLabel + move * (1 - realShare);
  // real' - fake', and the midpoint, in forms that are exactly 0 and exactly the middle where they should be.
  const contrast = (distance - move) * (1 - 2 * labelFlipping);
  const threshold = (realLabel + fakeLabel - move * (2 * realShare - 1)) / 2;
  const decision: Decision = contrast === 0 ? 'none' : { threshold, real: contrast < 0 ? 'below' : undefined };
  const clean: Labels = { real, fake, decision, targets: (kind) => (kind === 'real' ? real : fake) };
  if (labelFlipping === 0) return clean;

  if (random === undefined) {
    throw new GanKitError('invalid-argument', `labelFlipping ${labelFlipping} needs a random stream; give \`random\`.`);
  }
  const flips = random.fork('label-flipping');
  return {
    ...clean,
    targets(kind, logits) {
      const batch = logits.shape[0] ?? 1;
      const [own, other] = kind === 'real' ? [real, fake] : [fake, real];
      const values = Float32Array.from({ length: batch }, () => (flips.uniform() < labelFlipping ? other : own));
      return tf.tensor(values, [batch, ...logits.shape.slice(1).map(() => 1)]);
    },
    state: {
      saveState: async () => ({ values: { flips: { ...flips.saveState() } } }),
      loadState(state) {
        const saved = state.values?.['flips'] as ReturnType<RandomStream['saveState']> | undefined;
        if (saved === undefined) {
          throw new GanKitError('incompatible', `The saved state has no 'flips'; it belongs to another loss.`);
        }
        flips.loadState(saved);
      },
    },
  };
}
