// Top-k training: the generator learns from the samples that fooled the discriminator best.
import {
  type AdversarialLoss,
  checkInteger,
  checkNumber,
  checkOptions,
  type DiscriminatorOutput,
  formatShape,
  GanKitError,
  isStateful,
  mapOutput,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

export interface TopKOptions {
  /** The share of the batch that is kept at step 0, above 0 to 1; 1 by default. */
  readonly from?: number | undefined;
  /** The share that is kept in the end, above 0 to 1; 0.5 by default (the paper's nu). */
  readonly to?: number | undefined;
  /** Steps over which the share moves from `from` to `to` in a straight line. */
  readonly steps: number;
}

/**
 * A matrix float32 [k, batch] whose rows pick the k highest scores, best first. It is constant to every gradient: the choice
 * itself is not differentiable.
 */
function picker(scores: tf.Tensor1D, k: number): tf.Tensor2D {
  const pick = tf.customGrad((x) => {
    const values = x as tf.Tensor1D;
    const { indices } = tf.topk(values, k);
    const value = tf.equal(tf.expandDims(indices, 1), tf.range(0, values.shape[0], 1, 'int32')).cast('float32');
    return { value, gradFunc: () => tf.zerosLike(values) };
  });
  return pick(scores) as tf.Tensor2D;
}

/** The picked rows of a tensor with the batch as first axis. */
function pickRows<T extends tf.Tensor>(picked: tf.Tensor2D, tensor: T): T {
  const [batch = 0, ...rest] = tensor.shape;
  const rows = tf.matMul(picked, tf.reshape(tensor, [batch, -1]));
  return tf.reshape(rows, [picked.shape[0], ...rest]) as T;
}

function pickOutput(picked: tf.Tensor2D, output: DiscriminatorOutput): DiscriminatorOutput {
  return mapOutput(output, (tensor) => pickRows(picked, tensor));
}

/**
 * A loss whose generator's side sees only the k fakes of each batch that the discriminator judged the most real, with k =
 * max(1, ceil(share * batch)) and the share moving from `from` to `to`. The discriminator's side is the given loss. Of the real
 * outputs and of the samples, where the loss asks for them, the same rows are kept, so that pairs stay pairs.
 * Source: Sinha et al. 2020, algorithm 1 (there the share decays by 0.99 an epoch; here it falls in a straight line).
 *
 * @param loss One whose logits are one number for each sample; with energies the lowest are kept. It owns the loss.
 * @throws GanKitError `incompatible` for a loss of two units; `invalid-shape`, from `generatorLoss`, for logits that are not
 *   one number a sample.
 */
export function topK(loss: AdversarialLoss, options: TopKOptions): AdversarialLoss {
  checkOptions('topK', options, { from: 'optional', to: 'optional', steps: 'required' });
  const { from = 1, to = 0.5, steps } = options;
  checkNumber('from', from, Number.MIN_VALUE, 1);
  checkNumber('to', to, Number.MIN_VALUE, 1);
  checkInteger('steps', steps);
  if (loss.verdict === 'two-class') {
    throw new GanKitError(
      'incompatible',
      `Top-k needs one number a sample to rank by, but the loss '${loss.name}' has two units; take a loss of one logit.`,
    );
  }
  const wrapped: AdversarialLoss = {
    name: `top-k ${loss.name}`,
    verdict: loss.verdict,
    decision: loss.decision,
    probabilities: loss.probabilities,
    generatorNeeds: loss.generatorNeeds,
    discriminatorLoss: (outputs) => loss.discriminatorLoss(outputs),
    generatorLoss: ({ fake, real, samples, step = 0 }) =>
      tf.tidy(() => {
        const batch = fake.logits.shape[0]!;
        if (fake.logits.size !== batch) {
          throw new GanKitError(
            'invalid-shape',
            `Top-k needs logits of one number a sample, not ${formatShape(fake.logits.shape)}; leave it out with a discriminator that judges patches.`,
            { value: fake.logits.shape },
          );
        }
        const share = from + (to - from) * Math.min(step / steps, 1);
        const k = Math.max(1, Math.ceil(share * batch));
        const ranks = tf.reshape(fake.logits, [batch]) as tf.Tensor1D;
        const picked = picker(loss.verdict === 'energy' ? tf.neg(ranks) : ranks, k);
        return loss.generatorLoss({
          fake: pickOutput(picked, fake),
          real: real && pickOutput(picked, real),
          samples: samples && { real: pickRows(picked, samples.real), fake: pickRows(picked, samples.fake) },
          step,
        });
      }),
    ...(loss.afterDiscriminatorUpdate === undefined
      ? {}
      : { afterDiscriminatorUpdate: (outputs) => loss.afterDiscriminatorUpdate?.(outputs) }),
    dispose: () => loss.dispose?.(),
  };
  if (!isStateful(loss)) return wrapped;
  const state: Stateful = { saveState: () => loss.saveState(), loadState: (saved) => loss.loadState(saved) };
  return Object.assign(wrapped, state);
}
