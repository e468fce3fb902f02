/** Kernels of webgpu that are wrong for some dtype or size. */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

function replace(kernelName: string, kernelFunc: KernelRepair['kernelFunc']): KernelRepair {
  return { kernelName, backendName: 'webgpu', kind: 'replace', kernelFunc };
}

function run(original: tf.KernelFunc, params: KernelParams): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(original(params) as tf.TensorInfo);
}

/** ArgMax and ArgMin of a vector have the shape [1], and integers are not brought into order; see `integer-transpose.ts`. */
const positions = ['ArgMax', 'ArgMin'].map((name) =>
  replace(name, (params, original) => {
    const x = params.inputs['x'] as tf.Tensor;
    const { axis } = params.attrs as unknown as { axis: number };
    const chosen = tf.util.parseAxisParam(axis, x.shape)[0]!;
    const left = x.shape.map((_, i) => i).filter((i) => i !== chosen);
    return tf.tidy(() => {
      const ordered = tf.transpose(x, [...left, chosen]);
      const given = { ...params.attrs, axis: x.shape.length - 1 };
      const result = run(original, { ...params, inputs: { x: ordered }, attrs: given });
      return tf.reshape(
        result,
        left.map((i) => x.shape[i]!),
      );
    });
  }),
);

/** Sums of integers are written as floats. */
const segments = replace('UnsortedSegmentSum', (params, original) => {
  const x = params.inputs['x'] as tf.Tensor;
  if (x.dtype !== 'int32') return original(params);
  return tf.tidy(() =>
    tf.cast(run(original, { ...params, inputs: { ...params.inputs, x: tf.cast(x, 'float32') } }), 'int32'),
  );
});

/** One number between two ends is not a number: its step is 0 / 0. */
const linspace = replace('LinSpace', (params, original) => {
  const { start, num } = params.attrs as unknown as { start: number; num: number };
  return num === 1 ? tf.fill([1], start) : original(params);
});

export const webgpuEdges: readonly KernelRepair[] = [...positions, segments, linspace];
