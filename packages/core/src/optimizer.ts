import type * as tf from '@tensorflow/tfjs';
import type { Stateful } from './state.ts';

/** A variable and the gradient of the objective with respect to it. */
export interface ParameterGradient {
  /** The stable name of the variable; the optimiser keys its state by it. */
  readonly name: string;
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor;
}

/** Changes variables against their gradients. */
export interface Optimizer extends Stateful {
  readonly name: string;
  /** Updates made so far. */
  readonly iterations: number;
  /** The learning rate of the next update. */
  readonly learningRate: number;
  /**
   * A factor on every learning rate from now on, 1 when absent or never set: what a run that diverged is slowed down by. Part of
   * the saved state.
   */
  learningRateFactor?: number;
  /** Makes one update. The gradients stay with the caller. Reads nothing back from the backend. */
  applyGradients(gradients: readonly ParameterGradient[]): void;
  /** Frees the optimiser's own variables. */
  dispose(): void;
}
