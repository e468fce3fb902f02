/** Kernels that only move elements: one strided copy serves them all. */

import * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { isHeapType } from '../memory/tensor-data.ts';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

const MAXIMUM_RANK = 8;
/** From here on ONNX Runtime's tiled transpose beats the plain loop. */
const THREADED_SIZE = 1 << 12;

/** Steps in elements from one position to the next, per axis. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] ?? 1;
  }
  return strides;
}

/** Copies a box of `lengths` between two places of the heap, given as element offsets and strides. */
export function copyStrided(
  backend: OnnxBackend,
  dtype: string,
  lengths: readonly number[],
  from: { pointer: number; offset: number; strides: readonly number[] },
  to: { pointer: number; offset: number; strides: readonly number[] },
): void {
  if (sizeOf(lengths) === 0) return;
  // Neighbouring axes that both sides walk in one go are merged.
  const merged: [length: number, source: number, target: number][] = [];
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    const length = lengths[axis] ?? 1;
    if (length === 1) continue;
    const source = from.strides[axis] ?? 0;
    const target = to.strides[axis] ?? 0;
    const inner = merged[0];
    if (inner !== undefined && source === inner[1] * inner[0] && target === inner[2] * inner[0]) inner[0] *= length;
    else merged.unshift([length, source, target]);
  }
  if (merged.length === 0) merged.push([1, 1, 1]);
  const rank = merged.length;
  const bytes = dtype === 'bool' ? 1 : 4;
  const parameters = backend.integers([0, 1, 2].flatMap((column) => merged.map((axis) => axis[column] as number)));
  backend.kernel(bytes === 1 ? 'strided_copy_bytes' : 'strided_copy')(
    from.pointer + bytes * from.offset,
    to.pointer + bytes * to.offset,
    rank,
    parameters,
    parameters + 4 * rank,
    parameters + 8 * rank,
  );
}

/** Whether elements of this type and rank are ours to move. */
export function isMovable(x: tf.TensorInfo): boolean {
  return isHeapType(x.dtype) && x.shape.length <= MAXIMUM_RANK;
}

export type Movable = 'float32' | 'int32' | 'bool';

function transpose(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isMovable(x)) return undefined;
  const { backend } = call;
  const perm = call.attrs['perm'] as number[];
  const shape = perm.map((axis) => x.shape[axis] as number);
  // Moving only axes of length one leaves the order of the elements as it is.
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, index) => index === 0 || axis > (moved[index - 1] as number))) return backend.alias(x, shape);
  const out = backend.reserve(shape, x.dtype as Movable);
  if (x.dtype === 'float32' && sizeOf(shape) >= THREADED_SIZE) {
    backend.run(
      `Transpose ${perm}`,
      () => singleOperator('Transpose', [FLOAT], [FLOAT], { attributes: { perm } }),
      [backend.operand(x)],
      [backend.operand(out)],
    );
    return out;
  }
  const strides = stridesOf(x.shape);
  copyStrided(
    backend,
    x.dtype,
    shape,
    { pointer: backend.pointer(x), offset: 0, strides: perm.map((axis) => strides[axis] as number) },
    { pointer: backend.pointer(out), offset: 0, strides: stridesOf(shape) },
  );
  return out;
}

function slice(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isMovable(x)) return undefined;
  const { begin, size } = call.attrs;
  const parsed = tf.slice_util.parseSliceParams(x as tf.Tensor, begin as number[], size as number[]);
  const [start, lengths] = parsed as [number[], number[]];
  tf.slice_util.assertParamsValid(x as tf.Tensor, start, lengths);
  return sliceOf(call.backend, x, start, lengths);
}

/** A copy of the box of `lengths` that begins at `start`. */
export function sliceOf(
  backend: OnnxBackend,
  x: tf.TensorInfo,
  start: readonly number[],
  lengths: readonly number[],
): tf.TensorInfo {
  const out = backend.reserve(lengths, x.dtype as Movable);
  const strides = stridesOf(x.shape);
  const offset = start.reduce((sum, position, axis) => sum + position * (strides[axis] as number), 0);
  copyStrided(
    backend,
    x.dtype,
    lengths,
    { pointer: backend.pointer(x), offset, strides },
    { pointer: backend.pointer(out), offset: 0, strides: stridesOf(lengths) },
  );
  return out;
}

function pad(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (x.dtype !== 'float32' || !isMovable(x)) return undefined;
  const paddings = call.attrs['paddings'] as [number, number][];
  const value = (call.attrs['constantValue'] as number | undefined) ?? 0;
  const { backend } = call;
  const shape = x.shape.map((length, axis) => {
    const [before, after] = paddings[axis] as [number, number];
    return before + length + after;
  });
  const out = backend.reserve(shape, 'float32');
  const pointer = backend.pointer(out);
  backend.kernel('fill')(pointer, sizeOf(shape), value);
  const strides = stridesOf(shape);
  const offset = paddings.reduce((sum, [before], axis) => sum + before * (strides[axis] as number), 0);
  copyStrided(
    backend,
    x.dtype,
    x.shape,
    { pointer: backend.pointer(x), offset: 0, strides: stridesOf(x.shape) },
    { pointer, offset, strides },
  );
  return out;
}

function concat(call: KernelCall): tf.TensorInfo | undefined {
  const inputs = Object.values(call.inputs) as tf.TensorInfo[];
  const [head] = inputs;
  if (head === undefined || !isMovable(head) || inputs.some((x) => x.dtype !== head.dtype)) return undefined;
  const axis = tf.util.parseAxisParam(call.attrs['axis'] as number, head.shape)[0] as number;
  tf.backend_util.assertParamsConsistent(
    inputs.map(({ shape }) => shape),
    axis,
  );
  const { backend } = call;
  const shape = [...head.shape];
  shape[axis] = inputs.reduce((sum, x) => sum + (x.shape[axis] as number), 0);
  const out = backend.reserve(shape, head.dtype as Movable);
  const strides = stridesOf(shape);
  let offset = 0;
  for (const x of inputs) {
    copyStrided(
      backend,
      x.dtype,
      x.shape,
      { pointer: backend.pointer(x), offset: 0, strides: stridesOf(x.shape) },
      { pointer: backend.pointer(out), offset, strides },
    );
    offset += (x.shape[axis] as number) * (strides[axis] as number);
  }
  return out;
}

function tile(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const reps = call.attrs['reps'] as number[];
  if (!isMovable(x) || x.shape.length * 2 > MAXIMUM_RANK || reps.length !== x.shape.length) return undefined;
  const { backend } = call;
  const shape = x.shape.map((length, axis) => length * (reps[axis] as number));
  const out = backend.reserve(shape, x.dtype as Movable);
  const source = stridesOf(x.shape);
  const target = stridesOf(shape);
  copyStrided(
    backend,
    x.dtype,
    x.shape.flatMap((length, axis) => [reps[axis] as number, length]),
    { pointer: backend.pointer(x), offset: 0, strides: source.flatMap((step) => [0, step]) },
    {
      pointer: backend.pointer(out),
      offset: 0,
      strides: target.flatMap((step, axis) => [step * (x.shape[axis] as number), step]),
    },
  );
  return out;
}

function reverse(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isMovable(x) || x.shape.length === 0 || sizeOf(x.shape) === 0) return undefined;
  const dims = tf.util.parseAxisParam(call.attrs['dims'] as number[], x.shape);
  const { backend } = call;
  const out = backend.reserve(x.shape, x.dtype as Movable);
  const strides = stridesOf(x.shape);
  const flipped = strides.map((step, axis) => (dims.includes(axis) ? -step : step));
  const offset = dims.reduce((sum, axis) => sum + ((x.shape[axis] as number) - 1) * (strides[axis] as number), 0);
  copyStrided(
    backend,
    x.dtype,
    x.shape,
    { pointer: backend.pointer(x), offset, strides: flipped },
    { pointer: backend.pointer(out), offset: 0, strides },
  );
  return out;
}

export const stridedKernels: NativeKernel[] = [
  { name: 'Transpose', run: transpose },
  { name: 'Slice', run: slice },
  { name: 'PadV2', run: pad },
  { name: 'Concat', run: concat },
  { name: 'Tile', run: tile },
  { name: 'Reverse', run: reverse },
];
