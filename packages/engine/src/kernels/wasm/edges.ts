/**
 * Kernels of the wasm backend that are wrong for some dtype or shape. Each is left to the cpu backend's kernel there, and only there:
 * networks are made of the others.
 */
import type * as tf from '@tensorflow/tfjs';
import { emptySliceShape } from '../empty-results.ts';
import type { KernelRepair } from '../repair.ts';
import { byCpuKernel } from './cpu-kernel.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

function input(params: KernelParams, name: string): tf.TensorInfo {
  return params.inputs[name] as tf.TensorInfo;
}

const isEmpty = (info: tf.TensorInfo) => info.shape.includes(0);

/** Whether `alpha` repeats over leading axes of `x` only, the one way of broadcasting that the kernel knows. */
function repeatsOverLeadingAxes(x: readonly number[], alpha: readonly number[]): boolean {
  if (alpha.length > x.length) return false;
  const first = alpha.findIndex((size) => size !== 1);
  const own = first === -1 ? [] : alpha.slice(first);
  return own.every((size, i) => size === x[x.length - own.length + i]);
}

export const wasmEdges: readonly KernelRepair[] = [
  // Stops the program: a division by the number of entries.
  byCpuKernel('Transpose', (params) => isEmpty(input(params, 'x'))),
  // Compares the bits of integers as if they were floats.
  byCpuKernel('ClipByValue', (params) => input(params, 'x').dtype !== 'float32'),
  // Divides the bits of integers as if they were floats.
  byCpuKernel('Reciprocal', (params) => input(params, 'x').dtype !== 'float32'),
  // Fills with whole numbers.
  byCpuKernel('RotateWithOffset', ({ attrs }) =>
    [(attrs as { fillValue: number | number[] }).fillValue].flat().some((value) => !Number.isInteger(value)),
  ),
  // Gives floats where every other backend gives whole numbers.
  byCpuKernel('FloorDiv', (params) => input(params, 'a').dtype === 'float32'),
  // Gives the shape of `x` whatever alpha's is, and takes the first axis of alpha that is not 1 for the channels.
  byCpuKernel('Prelu', (params) => {
    const x = input(params, 'x');
    return isEmpty(x) || !repeatsOverLeadingAxes(x.shape, input(params, 'alpha').shape);
  }),
  // Writes whole numbers into buffers of any dtype, and a row's 1 beside the row when its class does not exist.
  byCpuKernel('OneHot'),
  // Move four bytes for each truth value.
  byCpuKernel('Select', (params) => input(params, 't').dtype === 'bool'),
  byCpuKernel('Reverse', (params) => input(params, 'x').dtype === 'bool'),
  // Says that whole numbers and truth values are floats.
  byCpuKernel(
    'StridedSlice',
    (params) => input(params, 'x').dtype !== 'float32' || emptySliceShape(params) !== undefined,
  ),
  byCpuKernel('ResizeNearestNeighbor', (params) => input(params, 'images').dtype !== 'float32'),
  // Reads the indices of the first batch for all of them, and beyond.
  byCpuKernel(
    'GatherV2',
    (params) => (params.attrs as { batchDims?: number }).batchDims !== 0 || isEmpty(input(params, 'indices')),
  ),
];
