// An exponential moving average of a scalar that never leaves the backend.
import { GanKitError, restoreVariable, type StoredTensor, storeTensors } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A running mean a <- decay a + (1 - decay) value, whose first value is `initial`, or the first one seen. */
export interface MovingAverage {
  /** Moves the mean towards `value`; the value stays with the caller, and no gradient flows into it. */
  update(value: tf.Scalar): void;
  /** The mean as a constant; before the first update `initial`, or 0. The caller owns it. */
  read(): tf.Scalar;
  /** The variable as it is now, to be read at once; absent before the first update. */
  readonly state: tf.Tensor | undefined;
  load(stored: StoredTensor | undefined, name: string): void;
  dispose(): void;
}

/** A moving average; its variable is made at the first update, so that making a loss needs no backend yet. */
export function movingAverage(decay: number, initial?: number): MovingAverage {
  let variable: tf.Variable<tf.Rank.R0> | undefined;
  /** The last argument keeps the variable away from every optimiser that takes all trainable ones. */
  const make = (value: tf.Scalar) => tf.tidy(() => tf.variable(value, false));
  return {
    update(value) {
      if (variable === undefined && initial === undefined) {
        variable = make(value);
        return;
      }
      variable ??= tf.tidy(() => make(tf.scalar(initial ?? 0)));
      const mean = variable;
      tf.tidy(() => mean.assign(tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay))));
    },
    read: () => (variable === undefined ? tf.scalar(initial ?? 0) : tf.clone(variable)),
    get state() {
      return variable;
    },
    load(stored, name) {
      if (stored === undefined) {
        variable?.dispose();
        variable = undefined;
        return;
      }
      variable ??= tf.tidy(() => make(tf.scalar(0)));
      restoreVariable(variable, stored, name);
    },
    dispose() {
      variable?.dispose();
      variable = undefined;
    },
  };
}

/** Saving and restoring of averages by name, as a part's state. An average that has seen nothing is left out. */
export function averagesState(averages: Readonly<Record<string, MovingAverage>>) {
  return {
    async saveState() {
      const moved = Object.entries(averages).flatMap(([name, { state }]) =>
        state === undefined ? [] : [[name, state]],
      );
      return { tensors: await storeTensors(Object.fromEntries(moved)) };
    },
    loadState(state: { readonly tensors?: Readonly<Record<string, StoredTensor>> | undefined }) {
      const saved = state.tensors ?? {};
      for (const name of Object.keys(saved)) {
        if (!(name in averages)) {
          throw new GanKitError('incompatible', `The saved state holds '${name}', which this part does not have.`);
        }
      }
      for (const [name, average] of Object.entries(averages)) average.load(saved[name], name);
    },
    dispose() {
      for (const average of Object.values(averages)) average.dispose();
    },
  };
}
