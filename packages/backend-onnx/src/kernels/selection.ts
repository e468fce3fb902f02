/** Kernels that choose elements: select, gather, one-hot, sums by segment, top k, positions of extremes. */

import * as tf from '@tensorflow/tfjs';
import { FLOAT, INT32, type Model } from '../onnx/model.ts';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

function select(call: KernelCall): tf.TensorInfo | undefined {
  const condition = input(call, 'condition');
  const t = input(call, 't');
  const e = input(call, 'e');
  if (condition.dtype !== 'bool' || !isFloat(t, e) || sizeOf(t.shape) !== sizeOf(e.shape)) return undefined;
  const count = sizeOf(condition.shape);
  const size = sizeOf(t.shape);
  if (count === 0 || size === 0 || size % count !== 0) return undefined;
  const { backend } = call;
  const out = backend.reserve(t.shape, 'float32');
  backend.kernel('select_rows')(
    backend.pointer(condition),
    backend.pointer(t),
    backend.pointer(e),
    backend.pointer(out),
    count,
    size / count,
  );
  return out;
}

function gather(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const indices = input(call, 'indices');
  const { axis, batchDims } = call.attrs;
  if (!isFloat(x) || indices.dtype !== 'int32' || (batchDims !== undefined && batchDims !== 0)) return undefined;
  const at = tf.util.parseAxisParam(axis as number, x.shape)[0] as number;
  const length = x.shape[at] as number;
  const { backend } = call;
  const positions = backend.data.get(indices.dataId).values as Int32Array;
  // An index out of range is the cpu kernel's to complain about.
  for (const index of positions) if (!(index >= 0 && index < length)) return undefined;
  const out = backend.reserve([...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)], 'float32');
  backend.kernel('gather_rows')(
    backend.pointer(x),
    backend.pointer(indices),
    backend.pointer(out),
    sizeOf(x.shape.slice(0, at)),
    length,
    sizeOf(indices.shape),
    sizeOf(x.shape.slice(at + 1)),
  );
  return out;
}

function unsortedSegmentSum(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const ids = input(call, 'segmentIds');
  const segments = call.attrs['numSegments'] as number;
  const rank = ids.shape.length;
  if (!isFloat(x) || ids.dtype !== 'int32' || sizeOf(x.shape.slice(0, rank)) !== sizeOf(ids.shape)) return undefined;
  const { backend } = call;
  const rest = x.shape.slice(rank);
  const out = backend.reserve([segments, ...rest], 'float32');
  backend.kernel('scatter_add_rows')(
    backend.pointer(x),
    backend.pointer(ids),
    backend.pointer(out),
    sizeOf(ids.shape),
    segments,
    sizeOf(rest),
  );
  return out;
}

function oneHot(call: KernelCall): tf.TensorInfo | undefined {
  const indices = input(call, 'indices');
  const { dtype, depth, onValue, offValue } = call.attrs;
  if (indices.dtype !== 'int32' || dtype !== 'float32') return undefined;
  const { backend } = call;
  const out = backend.reserve([...indices.shape, depth as number], 'float32');
  backend.kernel('one_hot')(
    backend.pointer(indices),
    backend.pointer(out),
    sizeOf(indices.shape),
    depth as number,
    onValue as number,
    offValue as number,
  );
  return out;
}

function argumentOfExtreme(call: KernelCall, sign: number): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const axes = tf.util.parseAxisParam(call.attrs['axis'] as number[], x.shape);
  const axis = axes[0];
  if (!isFloat(x) || axes.length !== 1 || axis === undefined || sizeOf(x.shape) === 0) return undefined;
  const { backend } = call;
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const out = backend.reserve([...before, ...after], 'int32');
  backend.kernel('argument_extreme')(
    backend.pointer(x),
    backend.pointer(out),
    sizeOf(before),
    x.shape[axis] as number,
    sizeOf(after),
    sign,
  );
  return out;
}

const topKModel = (k: number, sorted: boolean): Model => ({
  inputs: [FLOAT],
  outputs: [FLOAT, INT32],
  constants: [{ name: 'k', type: 7, dims: [1], data: BigInt64Array.of(BigInt(k)) }],
  nodes: [
    {
      operator: 'TopK',
      inputs: ['i0', 'k'],
      outputs: ['o0', 'positions'],
      attributes: { axis: -1, largest: 1, sorted: Number(sorted) },
    },
    { operator: 'Cast', inputs: ['positions'], outputs: ['o1'], attributes: { to: INT32 } },
  ],
});

function topK(call: KernelCall): tf.TensorInfo[] | undefined {
  const x = input(call, 'x');
  const k = call.attrs['k'] as number;
  const last = x.shape[x.shape.length - 1] ?? 0;
  if (!isFloat(x) || x.shape.length === 0 || sizeOf(x.shape) === 0 || k < 1 || k > last) return undefined;
  const { backend } = call;
  const shape = [...x.shape.slice(0, -1), k];
  const values = backend.reserve(shape, 'float32');
  const indices = backend.reserve(shape, 'int32');
  backend.run(
    `TopK ${k}`,
    () => topKModel(k, true),
    [backend.operand(x)],
    [backend.operand(values), backend.operand(indices)],
  );
  return [values, indices];
}

export const selectionKernels: NativeKernel[] = [
  { name: 'Select', run: select },
  { name: 'GatherV2', run: gather },
  { name: 'UnsortedSegmentSum', run: unsortedSegmentSum },
  { name: 'OneHot', run: oneHot },
  { name: 'ArgMax', run: (call) => argumentOfExtreme(call, 1) },
  { name: 'ArgMin', run: (call) => argumentOfExtreme(call, -1) },
  { name: 'TopK', run: topK },
];
