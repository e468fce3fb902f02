/** Reductions over axes, in WebAssembly: one run of neighbouring axes at a time. */

import * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

interface Reduction {
  kernel: string;
  dtype: 'float32' | 'bool';
  mean?: boolean;
  /** What the kernel calls its axes. */
  axes?: string;
}

const reductions: Record<string, Reduction> = {
  Sum: { kernel: 'reduce_sum', dtype: 'float32' },
  Mean: { kernel: 'reduce_sum', dtype: 'float32', mean: true },
  Max: { kernel: 'reduce_maximum', dtype: 'float32', axes: 'reductionIndices' },
  Min: { kernel: 'reduce_minimum', dtype: 'float32' },
  Prod: { kernel: 'reduce_product', dtype: 'float32' },
  All: { kernel: 'reduce_all', dtype: 'bool' },
  Any: { kernel: 'reduce_any', dtype: 'bool' },
};

/** Runs of neighbouring axes, last first. */
function runsOf(axes: readonly number[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const axis of [...axes].sort((a, b) => b - a)) {
    const run = runs[runs.length - 1];
    if (run !== undefined && run.first === axis + 1) run.first = axis;
    else runs.push({ first: axis, last: axis });
  }
  return runs;
}

/** Columns of sums are read with whole vectors. */
const COLUMN_MULTIPLE = 16;

/** Sums of [outer, length, inner] over `length`, times `factor`. */
export function sumOver(
  backend: OnnxBackend,
  from: number,
  to: number,
  [outer, length, inner]: readonly [number, number, number],
  factor: number,
): void {
  const elements = outer * length * inner;
  if (outer === 1 && inner > 1) {
    const columns = { total: inner, elements, multiple: COLUMN_MULTIPLE };
    kernelInRanges(backend, 'reduce_sum', columns, ({ first, count }) => [
      ...[from + 4 * first, to + 4 * first, 1],
      ...[length, count, inner, factor],
    ]);
  } else {
    kernelInRanges(backend, 'reduce_sum', { total: outer, elements }, ({ first, count }) => [
      ...[from + 4 * first * length * inner, to + 4 * first * inner, count],
      ...[length, inner, inner, factor],
    ]);
  }
}

function run(call: KernelCall, { kernel, dtype, mean, axes: attribute }: Reduction): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (x.dtype !== dtype || sizeOf(x.shape) === 0) return undefined;
  const { backend, attrs } = call;
  const axes = tf.util.parseAxisParam(attrs[attribute ?? 'axis'] as number[], x.shape);
  const keepDims = Boolean(attrs['keepDims']);
  const shape = x.shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]));
  if (axes.length === 0) return backend.alias(x);
  const scale = mean === true ? 1 / axes.reduce((size, axis) => size * (x.shape[axis] ?? 1), 1) : 1;
  const runs = runsOf(axes);
  let current: tf.TensorInfo = x;
  for (const [index, { first, last }] of runs.entries()) {
    const outer = sizeOf(current.shape.slice(0, first));
    const length = sizeOf(current.shape.slice(first, last + 1));
    const inner = sizeOf(current.shape.slice(last + 1));
    const reduced = backend.reserve([...current.shape.slice(0, first), ...current.shape.slice(last + 1)], dtype);
    const factor = index === runs.length - 1 ? scale : 1;
    const [from, to] = [backend.pointer(current), backend.pointer(reduced)];
    if (kernel === 'reduce_sum') sumOver(backend, from, to, [outer, length, inner], factor);
    else {
      const bytes = dtype === 'bool' ? 1 : 4;
      kernelInRanges(backend, kernel, { total: outer, elements: outer * length * inner }, ({ first, count }) => [
        ...[from + bytes * first * length * inner, to + bytes * first * inner],
        ...[count, length, inner],
      ]);
    }
    if (current !== x) backend.disposeData(current.dataId);
    current = reduced;
  }
  return { ...current, shape };
}

export const reduceKernels: NativeKernel[] = Object.entries(reductions).map(([name, reduction]) => ({
  name,
  run: (call) => run(call, reduction),
}));
