/** One comparison: an operation as TensorFlow.js runs it, and what its definition gives in float64. */
import type * as tf from '@tensorflow/tfjs';
import type { Draw } from './draw.ts';
import type { Values } from './values.ts';

export interface KernelCase {
  /** The options of the call, for a message. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputs: readonly Values[];
  run(...inputs: tf.Tensor[]): tf.Tensor | tf.Tensor[];
  readonly expected: Values | readonly Values[];
  /**
   * The size of the terms that the result is made of, to which its error is relative: a small sum of large terms may be off by more
   * than its own size allows. 1 when absent; integers and truth values must be exact, and with 0 floats as well.
   */
  readonly terms?: number;
}

/** All cases of one kernel. */
export interface KernelProperty {
  readonly name: string;
  generate(draw: Draw): KernelCase;
  /** Share of the usual number of cases. Default 1. */
  readonly share?: number;
}
