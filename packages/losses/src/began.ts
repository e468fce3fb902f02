// BEGAN: an energy game whose balance is kept by a controller.
import {
  type AdversarialLoss,
  checkNumber,
  checkOptions,
  type DiscriminatorOutput,
  restoreVariable,
  type Stateful,
  storeTensor,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link began}. */
export interface BeganOptions {
  /** gamma, the wanted ratio of the energies of generated and real samples, above 0 to 1; 0.75 when absent. Lower: less diverse. */
  readonly gamma?: number | undefined;
  /** lambda, how fast k follows, at least 0; 0.001 when absent. */
  readonly lambda?: number | undefined;
}

/** What {@link began} offers beyond a loss. */
export interface BeganLoss extends AdversarialLoss, Stateful {
  /** M = mean r + |gamma mean r - mean f|: falls while training converges. A scalar; the caller owns it. */
  convergence(outputs: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput }): tf.Scalar;
  /** k as it stands, a scalar from 0 to 1; the caller owns it. */
  balance(): tf.Scalar;
  dispose(): void;
}

/**
 * The boundary-equilibrium loss; the logits are energies (reconstruction errors of an autoencoding discriminator), at
 * least 0:
 *
 * L_D = mean r - k mean f, L_G = mean f, and after each discriminator update k <- clip(k + lambda (gamma mean r - mean f), 0, 1),
 * from k = 0. k stays on the backend and is saved. The energies of generated samples are to become gamma times those of real ones, so
 * that no energy is the line between both. Source: Berthelot, Schumm and Metz 2017, section 3.4.
 *
 * @throws GanKitError `invalid-argument` for a gamma that is not above 0 and at most 1, or a negative lambda.
 */
export function began(options: BeganOptions = {}): BeganLoss {
  checkOptions('began', options, { gamma: 'optional', lambda: 'optional' });
  const { gamma = 0.75, lambda = 0.001 } = options;
  checkNumber('gamma', gamma, Number.MIN_VALUE, 1);
  checkNumber('lambda', lambda, 0);
  let variable: tf.Variable<tf.Rank.R0> | undefined;
  /** k, made when it is first needed, so that making the loss needs no backend; no optimiser may train it. */
  const k = () => {
    variable ??= tf.tidy(() => tf.variable(tf.scalar(0), false));
    return variable;
  };
  /** gamma mean r - mean f. */
  const imbalance = (real: DiscriminatorOutput, fake: DiscriminatorOutput) =>
    tf.sub<tf.Scalar>(tf.mul(tf.mean(real.logits), gamma), tf.mean(fake.logits));
  return {
    name: 'began',
    verdict: 'energy',
    decision: 'none',
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.sub<tf.Scalar>(tf.mean(real.logits), tf.mul(k(), tf.mean(fake.logits)))),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.mean<tf.Scalar>(fake.logits)),
    afterDiscriminatorUpdate: ({ real, fake }) => {
      const current = k();
      tf.tidy(() =>
        current.assign(tf.clipByValue(tf.add<tf.Scalar>(current, tf.mul(imbalance(real, fake), lambda)), 0, 1)),
      );
    },
    convergence: ({ real, fake }) =>
      tf.tidy(() => tf.add<tf.Scalar>(tf.mean(real.logits), tf.abs(imbalance(real, fake)))),
    balance: () => tf.clone(k()),
    saveState: async () => ({ tensors: { k: await storeTensor(k()) } }),
    loadState: (state) => restoreVariable(k(), state.tensors?.['k'], 'k'),
    dispose() {
      variable?.dispose();
      variable = undefined;
    },
  };
}
