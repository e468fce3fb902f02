// A weight that is not a number: one objective is scaled until its gradient is as long as the other's.
import { checkNumber, isStateful, type ParameterGradient, type Penalty, type State } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link balanceByGradientRatio}. */
export interface BalanceOptions {
  /** How long the term's gradient becomes, as a multiple of the loss's; 1 when absent. The penalty's own weight multiplies it too. */
  readonly ratio?: number;
  /** The factor never exceeds this; 1e4 when absent. */
  readonly maximum?: number;
  /** Added to the term's gradient norm before dividing; 1e-4 when absent. */
  readonly epsilon?: number;
  /** The variables that are compared, by name; all of the player's when absent. VQGAN compares the last layer only. */
  readonly variables?: (name: string) => boolean;
}

/** Euclidean norm over all gradients together. */
function norm(gradients: readonly ParameterGradient[]): tf.Scalar {
  const squares = gradients.map(({ gradient }) => tf.sum<tf.Scalar>(tf.square(gradient)));
  return tf.sqrt(squares.length === 0 ? tf.scalar(0) : (tf.addN(squares) as tf.Scalar));
}

/**
 * Balances a penalty against its player's loss by the ratio of their gradients, anew in each update:
 *
 * factor = clip(ratio |grad of loss| / (|grad of term| + epsilon), 0, maximum).
 *
 * Source: Esser, Rombach and Ommer 2021 (VQGAN), equation 7, whose denominator and limit these are.
 *
 * @param penalty The penalty to balance; it keeps its weight, interval and state.
 */
export function balanceByGradientRatio(penalty: Penalty, options: BalanceOptions = {}): Penalty {
  const { ratio = 1, maximum = 1e4, epsilon = 1e-4, variables = () => true } = options;
  checkNumber('ratio', ratio, 0);
  checkNumber('maximum', maximum, 0);
  checkNumber('epsilon', epsilon, Number.MIN_VALUE);
  const compared = (gradients: readonly ParameterGradient[]) => gradients.filter(({ name }) => variables(name));
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
        const quotient = tf.div(tf.mul(norm(compared(objective)), ratio), tf.add(norm(compared(term)), epsilon));
        return tf.clipByValue(quotient, 0, maximum) as tf.Scalar;
      }),
  };
}
