/** One row of the gradient table: an operation as tfjs runs it, and the same by its definition in float64. */
import type * as tf from '@tensorflow/tfjs';
import { type Array64, sizeOf } from './reference/array64.ts';
import { type Operation, spread } from './reference/derivative.ts';

export interface GradientCase {
  /** The operation, by its name in tfjs. Cases of one name share a row in the printed table. */
  readonly op: string;
  /** What distinguishes this case: shapes, options. */
  readonly variant: string;
  readonly inputs: readonly Array64[];
  readonly tensor: (...inputs: tf.Tensor[]) => tf.Tensor;
  readonly reference: Operation;
}

/** How the entries of an input lie: spread evenly over an interval, in an order that looks random, none of them equal. */
export interface Range {
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** The k-th input of a case: distinct entries in [low, high], by default [-1.6, 1.6], exact in float32. */
export function input(shape: readonly number[], k = 0, { low = -1.6, high = 1.6 }: Range = {}): Array64 {
  const data = new Float64Array(sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = Math.fround(low + (high - low) * spread(i, 0.05 + 0.173 * k));
  return { shape, data };
}

/** A case whose inputs are spread over the default interval. */
export function gradientCase(
  op: string,
  variant: string,
  shapes: readonly (readonly number[])[],
  tensor: GradientCase['tensor'],
  reference: Operation,
  range: Range = {},
): GradientCase {
  return { op, variant, inputs: shapes.map((shape, k) => input(shape, k, range)), tensor, reference };
}
