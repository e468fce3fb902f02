// What generators and discriminators share: named variables with an owner.
import type * as tf from '@tensorflow/tfjs';
import type { Communicator } from './communicator.ts';
import type { Condition, ConditionNeed } from './condition.ts';

/** A variable under a name that is the same in every process (TensorFlow.js's own names carry a global counter). */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
  /** Whether an optimiser may change it; moving averages and power-iteration vectors are not trainable. */
  readonly trainable: boolean;
}

/** One of the two players, or any other network, as an owner of variables. */
export interface Network extends Partial<Disposable> {
  /** A short name for messages and summaries, for example `dcgan-generator`. */
  readonly name: string;
  /** Every variable in a fixed order: what a checkpoint holds. An optimiser changes the trainable ones only. */
  readonly variables: readonly NamedVariable[];
  /**
   * What it must be told about each sample; nothing for an empty list. Absent means that nobody knows: then a conditioning that
   * does not fit is found in the first step instead of before it.
   */
  readonly needs?: readonly ConditionNeed[] | undefined;
  /** Frees every variable. The network cannot be used afterwards. */
  dispose(): void;
}

/** How a network is to be evaluated. */
export interface ForwardOptions {
  /** Whether this pass belongs to training: batch statistics instead of moving averages, dropout active. */
  readonly training: boolean;
  /**
   * Whether this pass may move state that is not learned by gradient: moving averages, power-iteration vectors. The value of
   * `training` when absent. A trainer allows it once in each update, and only to the player that is updated.
   */
  readonly updateState?: boolean | undefined;
  /** The training step, from 0; absent outside training. What changes with time (decaying noise, fade-in) reads it. */
  readonly step?: number | undefined;
  readonly condition?: Condition | undefined;
  /**
   * The processes that the batch is spread over; absent for one process. What looks at other samples of the batch, or draws for each of
   * them, asks it.
   */
  readonly communicator?: Communicator | undefined;
}
