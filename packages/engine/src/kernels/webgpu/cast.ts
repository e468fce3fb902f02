/**
 * Cast to float32 for webgpu: its own only renames the buffer of integers or booleans, and a transposition of it (hence a sum
 * over leading axes) then fails to compile, which webgpu answers with zeros. A multiplication by 1 converts in earnest.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

export const webgpuCast: KernelRepair = {
  kernelName: 'Cast',
  backendName: 'webgpu',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const x = params.inputs['x'] as tf.TensorInfo;
    const { dtype } = params.attrs as { dtype: tf.DataType };
    if (dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return original(params);
    return tf.tidy(() => tf.mul(tf.engine().makeTensorFromTensorInfo(original(params) as tf.TensorInfo), 1));
  },
};
