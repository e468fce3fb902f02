// Conditions as rows that travel with their samples.
import { type Condition, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

const kinds = ['labels', 'vectors', 'images'] as const;
type Kind = (typeof kinds)[number];

/** The tensors of a condition by name, each with the batch as first axis. */
export function rowsOf(condition: Condition | undefined): Partial<Record<Kind, tf.Tensor>> {
  return Object.fromEntries(
    kinds.flatMap((kind) => (condition?.[kind] === undefined ? [] : [[kind, condition[kind]]])),
  );
}

/** The condition of rows, or `undefined` when there is nothing to tell. */
export function conditionOf(rows: Readonly<Partial<Record<Kind, tf.Tensor>>>): Condition | undefined {
  return Object.keys(rows).length === 0 ? undefined : (rows as Condition);
}

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
  const batches = conditions.map(rowsOf);
  const names = batches.map((rows) => Object.keys(rows).join(' and ') || 'nothing');
  if (new Set(names).size > 1) {
    throw new GanKitError(
      'incompatible',
      `${who} cannot join samples with ${names.join(' and samples with ')} to tell; give all of them the same kind of condition.`,
      { value: names },
    );
  }
  const entries = kinds.flatMap((kind) => {
    const tensors = batches.flatMap((rows) => rows[kind] ?? []);
    if (tensors.length === 0) return [];
    return [[kind, tf.gather(tensors.length === 1 ? tensors[0]! : tf.concat(tensors), indices)] as const];
  });
  return conditionOf(Object.fromEntries(entries));
}
