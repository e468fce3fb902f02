// A weight that is not a number: one objective is scaled until its gradient is as long as the other's.
import {
  checkNumber,
  checkOptions,
  isStateful,
  type ParameterGradient,
  type Penalty,
  type State,
  scaledNorm,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link balanceByGradientRatio}. */
export interface BalanceOptions {
  /** How long the term's gradient becomes, as a multiple of the objective's; 1 when absent. The penalty's own weight multiplies it too. */
  readonly ratio?: number | undefined;
  /** The factor never exceeds this: at least 0, 1e4 when absent. */
  readonly maximum?: number | undefined;
  /** Added to the term's gradient norm before dividing: at least 1e-30, 1e-4 when absent. */
  readonly epsilon?: number | undefined;
  /** The variables that are compared, by name; all of the player's when absent. VQGAN compares the last layer only. */
  readonly variables?: ((name: string) => boolean) | undefined;
}

/** The largest float32: what stands for a norm or a quotient beyond it, so that neither becomes infinite. */
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** The least epsilon that every backend can tell from 0. */
const smallestEpsilon = 1e-30;

const bounded = (scalar: tf.Tensor) => tf.minimum<tf.Scalar>(scalar, largestFloat);

/**
 * Balances a penalty against the rest of its player's objective by the ratio of their gradients, anew in each update:
 *
 * factor = clip(ratio |grad of objective| / (|grad of term| + epsilon), 0, maximum),
 *
 * where the objective is the player's loss with all penalties that are not balanced. Finite for gradients of any finite size.
 * Source: Esser, Rombach and Ommer 2021 (VQGAN), equation 7, whose denominator and limit these are.
 *
 * @param penalty The penalty to balance; it keeps its weight, interval and state.
 * @throws GanKitError `invalid-argument` for a negative ratio or maximum, or an epsilon below 1e-30.
 */
export function balanceByGradientRatio(penalty: Penalty, options: BalanceOptions = {}): Penalty {
  checkOptions('balanceByGradientRatio', options, {
    ratio: 'optional',
    maximum: 'optional',
    epsilon: 'optional',
    variables: 'optional',
  });
  const { ratio = 1, maximum = 1e4, epsilon = 1e-4, variables = () => true } = options;
  checkNumber('ratio', ratio, 0);
  checkNumber('maximum', maximum, 0);
  checkNumber('epsilon', epsilon, smallestEpsilon);
  const normOf = (gradients: readonly ParameterGradient[]) => {
    const compared = gradients.filter(({ name }) => variables(name));
    const { scale, ratio: norm } = scaledNorm(compared.map(({ gradient }) => gradient));
    // The second term is 0, and no number where a gradient is infinite: that must not become a limit.
    return tf.add(bounded(tf.mul(scale, norm)), tf.mul(norm, 0));
  };
  return {
    ...penalty,
    term: (context) => penalty.term(context),
    ...(isStateful(penalty) && {
      saveState: () => penalty.saveState(),
      loadState: (state: State) => penalty.loadState(state),
    }),
    dispose: () => penalty.dispose?.(),
    balance: (objective, term) =>
      tf.tidy(() => {
        const quotient = bounded(tf.div(normOf(objective), tf.add(normOf(term), epsilon)));
        return tf.clipByValue(tf.mul<tf.Scalar>(quotient, ratio), 0, maximum);
      }),
  };
}
