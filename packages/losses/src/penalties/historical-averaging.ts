// Historical averaging: parameters are held near the mean of all they have been.
import {
  checkChoice,
  checkOptions,
  GanKitError,
  type NamedVariable,
  type Penalty,
  type Player,
  restoreTensor,
  type Stateful,
  storeTensors,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link historicalAveraging}. */
export interface HistoricalAveragingOptions extends PenaltyOptions {
  /** Whose parameters are held; `discriminator` when absent. Make one penalty for each player to hold both. */
  readonly player?: Player | undefined;
}

/**
 * Historical averaging: w sum |theta - 1/t sum_i theta_i|^2 over the player's trainable variables; w = 1.
 *
 * The mean includes the present parameters, is a constant to the gradient, and is saved together with t. It takes as much
 * memory as the player. Source: Salimans et al. 2016, section 3.3.
 */
export function historicalAveraging(options: HistoricalAveragingOptions = {}): Penalty & Stateful {
  checkOptions('historicalAveraging', options, { ...penaltyOptionNames, player: 'optional' });
  const { player = 'discriminator' } = options;
  checkChoice('player', player, ['discriminator', 'generator']);
  const means = new Map<string, tf.Variable>();
  let count = 0;

  /** The running mean of one variable after the present value was taken in: m <- m + (theta - m) / t. */
  function advance({ name, variable }: NamedVariable): tf.Tensor {
    const mean = means.get(name);
    if (mean === undefined) {
      if (count > 1) {
        throw new GanKitError('incompatible', `The history has no '${name}'; it belongs to another architecture.`);
      }
      means.set(
        name,
        tf.tidy(() => tf.variable(tf.clone(variable), false)),
      );
      return tf.clone(variable);
    }
    if (mean.shape.join() !== variable.shape.join()) {
      throw new GanKitError(
        'incompatible',
        `The history of '${name}' has shape [${mean.shape}] but the variable has [${variable.shape}]; it belongs to another architecture.`,
      );
    }
    mean.assign(tf.add(mean, tf.div(tf.sub(variable, mean), count)));
    return tf.clone(mean);
  }

  function dispose(): void {
    for (const mean of means.values()) mean.dispose();
    means.clear();
    count = 0;
  }

  return {
    ...penaltyFields('historical-averaging', options, 1),
    player,
    term: ({ variables }) =>
      tf.tidy(() => {
        count++;
        const distances = variables
          .filter(({ trainable }) => trainable)
          .map((named) => tf.sum<tf.Scalar>(tf.square(tf.sub(named.variable, advance(named)))));
        return distances.length === 0 ? tf.scalar(0) : (tf.addN(distances) as tf.Scalar);
      }),
    async saveState() {
      const values = { count };
      return { tensors: await storeTensors(Object.fromEntries(means)), values };
    },
    loadState(state) {
      const saved = state.values?.['count'];
      if (typeof saved !== 'number') {
        throw new GanKitError('incompatible', `The saved state has no 'count'; it belongs to another part.`);
      }
      dispose();
      count = saved;
      for (const [name, stored] of Object.entries(state.tensors ?? {})) {
        means.set(
          name,
          tf.tidy(() => tf.variable(restoreTensor(stored), false)),
        );
      }
    },
    dispose,
  };
}
