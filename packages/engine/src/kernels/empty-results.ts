/**
 * Results without entries, and reductions over none. The backends' own kernels throw, return what was in memory, or give a result with
 * entries.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** The final shape of a strided slice that takes nothing; undefined when it takes something. */
export function emptySliceShape({ inputs, attrs }: KernelParams): number[] | undefined {
  const { shape } = inputs['x'] as tf.TensorInfo;
  const slice = attrs as unknown as StridedSlice;
  const { finalShape } = tf.slice_util.sliceInfo(
    shape,
    slice.begin,
    slice.end,
    slice.strides,
    slice.beginMask,
    slice.endMask,
    slice.ellipsisMask,
    slice.newAxisMask,
    slice.shrinkAxisMask,
  );
  return finalShape.includes(0) ? finalShape : undefined;
}

/** StridedSlice whose end lies before its beginning. */
export function emptyStridedSlice(backendName: string): KernelRepair {
  return {
    kernelName: 'StridedSlice',
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const empty = emptySliceShape(params);
      if (empty === undefined) return original(params);
      return tf.zeros(empty, (params.inputs['x'] as tf.TensorInfo).dtype);
    },
  };
}

/** What a reduction of no entries gives. */
const ofNothing: Readonly<Record<string, number>> = {
  All: 1,
  Any: 0,
  Max: Number.NEGATIVE_INFINITY,
  Mean: Number.NaN,
  Min: Number.POSITIVE_INFINITY,
  Prod: 1,
  Sum: 0,
};

/** The result of a reduction over a tensor without entries; undefined when it has any. */
export function reducedNothing(kernelName: string, { inputs, attrs }: KernelParams): tf.Tensor | undefined {
  const { shape, dtype } = inputs['x'] as tf.TensorInfo;
  if (!shape.includes(0)) return undefined;
  const { axis, reductionIndices, keepDims } = attrs as unknown as {
    axis?: number | number[];
    reductionIndices?: number | number[];
    keepDims: boolean;
  };
  const axes = tf.util.parseAxisParam((axis ?? reductionIndices)!, shape);
  const kept = shape.map((size, i) => (axes.includes(i) ? 1 : size));
  const result = keepDims ? kept : kept.filter((_, i) => !axes.includes(i));
  return tf.fill(result, ofNothing[kernelName]!, kernelName === 'Mean' ? 'float32' : (dtype as 'float32'));
}

/** Reductions of one backend. */
export function reductionsOfNothing(backendName: string, kernelNames = Object.keys(ofNothing)): KernelRepair[] {
  return kernelNames.map((kernelName) => ({
    kernelName,
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => reducedNothing(kernelName, params) ?? original(params),
  }));
}
