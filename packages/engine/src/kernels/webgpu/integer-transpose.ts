/**
 * Kernels of webgpu that change the order of axes of integers or truth values: the shader does not compile (it hands an integer to a
 * function of floats), webgpu answers with what was in memory, and what runs in the same batch of commands is lost with it. The order is
 * changed by taking entries from their places instead, and reductions get their axes last.
 */
import * as tf from '@tensorflow/tfjs';
import { reducedNothing } from '../empty-results.ts';
import type { KernelRepair } from '../repair.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

const isInteger = ({ dtype }: tf.TensorInfo) => dtype === 'int32' || dtype === 'bool';

/** The place in `shape` of every entry of the transposed tensor, in order. */
export function transposedPlaces(shape: readonly number[], order: readonly number[]): Int32Array {
  const strides = tf.util.computeStrides([...shape, 1]);
  const steps = order.map((axis) => strides[axis]!);
  const sizes = order.map((axis) => shape[axis]!);
  const places = new Int32Array(tf.util.sizeFromShape([...shape]));
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < places.length; to++) {
    places[to] = from;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= sizes[axis]! * steps[axis]!;
      index[axis] = 0;
    }
  }
  return places;
}

function transpose(x: tf.Tensor, order: readonly number[]): tf.Tensor {
  const shape = order.map((axis) => x.shape[axis]!);
  return tf.reshape(tf.gather(tf.reshape(x, [-1]), tf.tensor1d(transposedPlaces(x.shape, order), 'int32')), shape);
}

function run(original: tf.KernelFunc, params: KernelParams): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(original(params) as tf.TensorInfo);
}

function replace(kernelName: string, kernelFunc: KernelRepair['kernelFunc']): KernelRepair {
  return {
    kernelName,
    backendName: 'webgpu',
    kind: 'replace',
    kernelFunc: (params, original) => {
      const x = params.inputs['x'] as tf.TensorInfo;
      return isInteger(x) && !x.shape.includes(0) ? kernelFunc(params, original) : original(params);
    },
  };
}

/** A reduction of integers with its axes brought to the end. */
function reduction(kernelName: string, axisName: 'axis' | 'reductionIndices'): KernelRepair {
  return {
    kernelName,
    backendName: 'webgpu',
    kind: 'replace',
    kernelFunc: (params, original) => {
      const x = params.inputs['x'] as tf.Tensor;
      const nothing = reducedNothing(kernelName, params);
      if (nothing !== undefined) return nothing;
      if (!isInteger(x)) return original(params);
      const attrs = params.attrs as unknown as Record<string, number | number[]> & { keepDims?: boolean };
      const axes = tf.util.parseAxisParam(attrs[axisName]!, x.shape);
      const left = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
      return tf.tidy(() => {
        const ordered = tf.transpose(x, [...left, ...axes]);
        const last = axes.map((_, i) => left.length + i);
        const given = { ...params.attrs, [axisName]: last, keepDims: false } as tf.NamedAttrMap;
        const result = run(original, { ...params, inputs: { x: ordered }, attrs: given });
        const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        return tf.reshape(result, attrs.keepDims === true ? kept : left.map((axis) => x.shape[axis]!));
      });
    },
  };
}

export const webgpuTranspose = replace('Transpose', (params) => {
  const { perm } = params.attrs as unknown as { perm: number[] };
  return tf.tidy(() => transpose(params.inputs['x'] as tf.Tensor, perm));
});

export const webgpuReductions: readonly KernelRepair[] = [
  ...['All', 'Any', 'Mean', 'Min', 'Prod', 'Sum'].map((name) => reduction(name, 'axis')),
  reduction('Max', 'reductionIndices'),
];

/** `[blocks.., batch, ..]` to `[batch, .., blocks..]`, the blocks beside the axes that they belong to, without the crops. */
export const webgpuBatchToSpace = replace('BatchToSpaceND', (params) => {
  const { blockShape, crops } = params.attrs as unknown as { blockShape: number[]; crops: number[][] };
  const x = params.inputs['x'] as tf.Tensor;
  const blocks = blockShape.length;
  const batch = x.shape[0]! / tf.util.sizeFromShape(blockShape);
  const rest = x.shape.slice(1);
  const order = [blocks, ...blockShape.flatMap((_, i) => [blocks + 1 + i, i])];
  const trailing = rest.slice(blocks).map((_, i) => 2 * blocks + 1 + i);
  return tf.tidy(() => {
    const apart = tf.reshape(x, [...blockShape, batch, ...rest]);
    const spread = rest.map((size, i) => size * (blockShape[i] ?? 1));
    const joined = tf.reshape(tf.transpose(apart, [...order, ...trailing]), [batch, ...spread]);
    const begin = [0, ...rest.map((_, i) => crops[i]?.[0] ?? 0)];
    const size = [batch, ...spread.map((length, i) => length - (crops[i]?.[0] ?? 0) - (crops[i]?.[1] ?? 0))];
    return tf.slice(joined, begin, size);
  });
});

/** The other way round. */
export const webgpuSpaceToBatch = replace('SpaceToBatchND', (params) => {
  const { blockShape, paddings } = params.attrs as unknown as { blockShape: number[]; paddings: [number, number][] };
  const x = params.inputs['x'] as tf.Tensor;
  const blocks = blockShape.length;
  const rest = x.shape.slice(1 + blocks);
  return tf.tidy(() => {
    const none: [number, number] = [0, 0];
    const padded = tf.pad(x, [none, ...paddings, ...rest.map(() => none)]);
    const cells = blockShape.map((block, i) => padded.shape[i + 1]! / block);
    const apart = tf.reshape(padded, [x.shape[0]!, ...cells.flatMap((cell, i) => [cell, blockShape[i]!]), ...rest]);
    const order = [...cells.map((_, i) => 2 * i + 2), 0, ...cells.map((_, i) => 2 * i + 1)];
    const trailing = rest.map((_, i) => 2 * blocks + 1 + i);
    const batch = x.shape[0]! * tf.util.sizeFromShape(blockShape);
    return tf.reshape(tf.transpose(apart, [...order, ...trailing]), [batch, ...cells, ...rest]);
  });
});
