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
export interface Optimizer extends Stateful, Partial<Disposable> {
  readonly name: string;
  /** Updates made so far; a call that only collects gradients for a later update is none. */
  readonly iterations: number;
  /** The learning rate of the last step that was told, or of the next update when none was. */
  readonly learningRate: number;
  /**
   * A factor on every learning rate from now on, 1 when absent or never set: what a run that diverged is slowed down by. Part of
   * the saved state.
   */
  learningRateFactor?: number | undefined;
  /**
   * Makes one update. The gradients stay with the caller. Reads nothing back from the backend.
   * @param step The training step, from 0, that learning rates follow which change with time; the updates made so far when absent.
   */
  applyGradients(gradients: readonly ParameterGradient[], step?: number): void;
  /** Frees the optimiser's own variables. */
  dispose(): void;
}
