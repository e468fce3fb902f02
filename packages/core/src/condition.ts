// What conditional players are told about each sample.
import type * as tf from '@tensorflow/tfjs';

/** What a conditional network is told about each sample of a batch. Unconditional networks ignore it. */
export interface Condition {
  /** Class of each sample: int32 [batch], from 0 to the number of classes - 1. */
  readonly labels?: tf.Tensor1D | undefined;
  /** A description of each sample: float32 [batch, length]. */
  readonly vectors?: tf.Tensor2D | undefined;
  /** An image for each sample: float32 [batch, height, width, channels] in [-1, 1]. */
  readonly images?: tf.Tensor4D | undefined;
}

/** The kinds of things that can be told, in a fixed order. */
export const conditionKinds = ['labels', 'vectors', 'images'] as const;

export type ConditionKind = (typeof conditionKinds)[number];

/** What a part must be told: a kind, or `class`, which is `labels` or weights of the classes in `vectors`. */
export type ConditionNeed = ConditionKind | 'class';

/** Whether something that tells these kinds satisfies a need. */
export function satisfiesNeed(need: ConditionNeed, kinds: readonly ConditionKind[]): boolean {
  return need === 'class' ? kinds.includes('labels') || kinds.includes('vectors') : kinds.includes(need);
}

/** The tensors of a condition by kind, each with the batch as first axis; they stay with their owner. */
export function conditionTensors(condition: Condition | undefined): Partial<Record<ConditionKind, tf.Tensor>> {
  return Object.fromEntries(
    conditionKinds.flatMap((kind) => (condition?.[kind] === undefined ? [] : [[kind, condition[kind]]])),
  );
}

/** The condition of tensors by kind, or `undefined` when there is nothing to tell. */
export function conditionOf(tensors: Readonly<Partial<Record<ConditionKind, tf.Tensor>>>): Condition | undefined {
  return Object.keys(tensors).length === 0 ? undefined : (tensors as Condition);
}
