// An optimiser is an update rule, the arithmetic for one parameter, plus the keeping of its state (rule-optimizer.ts).
import type { Optimizer } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** One parameter as an update rule sees it. */
export interface ParameterUpdate<Slot extends string> {
  /** The parameter's present value. */
  readonly value: tf.Tensor;
  /** The gradient of the objective, of the same shape. */
  readonly gradient: tf.Tensor;
  /** The state that the rule keeps for this parameter, each of the parameter's shape; zeros at the first update. */
  readonly slots: Readonly<Record<Slot, tf.Tensor>>;
  /** How many updates this parameter will have had after this one, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/** What a rule makes of a parameter: its new value and its new state. */
export interface UpdatedParameter<Slot extends string> {
  readonly value: tf.Tensor;
  readonly slots: Readonly<Record<Slot, tf.Tensor>>;
}

/** The arithmetic of an optimiser for one parameter. It runs inside a `tf.tidy` and reads nothing back. */
export interface UpdateRule<Slot extends string> {
  /** The name in messages and in saved states, for example `adam`. */
  readonly name: string;
  /** The state tensors that it keeps for each parameter. */
  readonly slots: readonly Slot[];
  update(parameter: ParameterUpdate<Slot>): UpdatedParameter<Slot>;
}

/** An optimiser whose learning rate can be changed between updates. */
export interface AdjustableOptimizer extends Optimizer {
  /**
   * The learning rate: of the last training step that `applyGradients` was told, or of the next update when it was told none. Assigning
   * a number replaces the schedule, and is saved with the state.
   */
  learningRate: number;
  [Symbol.dispose](): void;
}
