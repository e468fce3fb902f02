/**
 * Cumsum and Cumprod from the far end for webgpu: its shader is written for one length, but cached without it, so that a
 * second call with another length gives wrong numbers. The forward direction has no length in it.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

interface Attributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

export const webgpuRunning: readonly KernelRepair[] = (['Cumsum', 'Cumprod'] as const).map((kernelName) => ({
  kernelName,
  backendName: 'webgpu',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const { axis, exclusive, reverse } = params.attrs as unknown as Attributes;
    if (!reverse) return original(params);
    const run = kernelName === 'Cumsum' ? tf.cumsum : tf.cumprod;
    const x = params.inputs['x'] as tf.Tensor;
    return tf.tidy(() => tf.reverse(run(tf.reverse(x, axis), axis, exclusive, false), axis));
  },
}));
