// Conditions as rows that travel with their samples.
import { type Condition, conditionKinds, conditionOf, conditionTensors, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * One condition for the rows of several batches: all of them, one after another, and then those that `indices` name.
 * @param who The part that joins them, for the error's sentence.
 * @throws GanKitError `incompatible` when one batch has a kind of condition that another lacks.
 */
export function gatherConditions(
  who: string,
  conditions: readonly (Condition | undefined)[],
  indices: tf.Tensor1D,
): Condition | undefined {
  const batches = conditions.map(conditionTensors);
  const names = batches.map((rows) => Object.keys(rows).join(' and ') || 'nothing');
  if (new Set(names).size > 1) {
    throw new GanKitError(
      'incompatible',
      `${who} cannot join samples with ${names.join(' and samples with ')} to tell; give all of them the same kind of condition.`,
      { value: names },
    );
  }
  const entries = conditionKinds.flatMap((kind) => {
    const tensors = batches.flatMap((rows) => rows[kind] ?? []);
    if (tensors.length === 0) return [];
    return [[kind, tf.gather(tensors.length === 1 ? tensors[0]! : tf.concat(tensors), indices)] as const];
  });
  return conditionOf(Object.fromEntries(entries));
}
