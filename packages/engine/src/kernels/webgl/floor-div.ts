/** FloorDiv of floats for webgl: its own rounds both operands to whole numbers first. */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

export const webglFloorDiv: KernelRepair = {
  kernelName: 'FloorDiv',
  backendName: 'webgl',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const [a, b] = [params.inputs['a'] as tf.Tensor, params.inputs['b'] as tf.Tensor];
    if (a.dtype !== 'float32') return original(params);
    return tf.tidy(() => tf.cast(tf.floor(tf.div(a, b)), 'int32'));
  },
};
