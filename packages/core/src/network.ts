// What generators and discriminators share: named variables with an owner.
import type * as tf from '@tensorflow/tfjs';

/** A variable under a name that is the same in every process (TensorFlow.js's own names carry a global counter). */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
  /** Whether an optimiser may change it; moving averages and power-iteration vectors are not trainable. */
  readonly trainable: boolean;
}

/** One of the two players, as an owner of variables. */
export interface Network {
  /** A short name for messages and summaries, for example `dcgan-generator`. */
  readonly name: string;
  /** Every variable in a fixed order: what a checkpoint holds. An optimiser changes the trainable ones only. */
  readonly variables: readonly NamedVariable[];
  /** Frees every variable. The network cannot be used afterwards. */
  dispose(): void;
}

/** What a conditional network is told about each sample of a batch. Unconditional networks ignore it. */
export interface Condition {
  /** Class of each sample: int32 [batch], from 0 to the number of classes - 1. */
  readonly labels?: tf.Tensor1D;
  /** A description of each sample: float32 [batch, length]. */
  readonly vectors?: tf.Tensor2D;
  /** An image for each sample: float32 [batch, height, width, channels] in [-1, 1]. */
  readonly images?: tf.Tensor4D;
}

/** How a network is to be evaluated. */
export interface ForwardOptions {
  /** Whether this pass belongs to training: batch statistics instead of moving averages, dropout active. */
  readonly training: boolean;
  /**
   * Whether this pass may move state that is not learned by gradient: moving averages, power-iteration vectors. The value of
   * `training` when absent. A trainer allows it once in each update, and only to the player that is updated.
   */
  readonly updateState?: boolean;
  /** The training step, from 0; absent outside training. What changes with time (decaying noise, fade-in) reads it. */
  readonly step?: number;
  readonly condition?: Condition;
}
