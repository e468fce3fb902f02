/**
 * FusedBatchNorm whose mean and variance belong to another axis than the last: `tf.layers.batchNormalization({ axis: 1 })` outside
 * training. The kernels of cpu and wasm run through them as if they stood for the last axis, and give wrong numbers.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

export function batchNormOfAnyAxis(backendName: string): KernelRepair {
  return {
    kernelName: 'FusedBatchNorm',
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const x = params.inputs['x'] as tf.Tensor;
      const channels = x.shape[x.shape.length - 1]!;
      const part = (name: string) => (params.inputs[name] ?? undefined) as tf.Tensor | undefined;
      const [mean, variance, scale, offset] = [part('mean')!, part('variance')!, part('scale'), part('offset')];
      const perChannel = [mean, variance, scale, offset].every(
        (values) => values === undefined || (values.size === channels && values.shape[values.rank - 1] === channels),
      );
      if (perChannel) return original(params);
      const { varianceEpsilon } = params.attrs as unknown as { varianceEpsilon?: number };
      return tf.tidy(() => {
        const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon ?? 0.001));
        const normal = tf.mul(tf.sub(x, mean), scale === undefined ? inverse : tf.mul(inverse, scale));
        return offset === undefined ? normal : tf.add(normal, offset);
      });
    },
  };
}
