/**
 * The sum of many tensors for webgpu: its own binds them all to one shader, which may have 8 buffers on most devices. With 8 terms or
 * more the shader is refused, and with it everything that was queued beside it: zeros, in silence. Here they are summed a few at a time.
 */
import type * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

interface WebGpuBackend {
  readonly device: { readonly limits: { readonly maxStorageBuffersPerShaderStage: number } };
  disposeData(dataId: object): boolean;
}

export const webgpuAddN: KernelRepair = {
  kernelName: 'AddN',
  backendName: 'webgpu',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const backend = params.backend as WebGpuBackend;
    // One buffer is the sum's own.
    const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
    const add = (terms: readonly tf.TensorInfo[]): tf.TensorInfo =>
      original({ ...params, inputs: terms as unknown as tf.NamedTensorInfoMap }) as tf.TensorInfo;
    const terms = params.inputs as unknown as readonly tf.TensorInfo[];
    let sum = add(terms.slice(0, most));
    for (let next = most; next < terms.length; next += most - 1) {
      const soFar = sum;
      sum = add([soFar, ...terms.slice(next, next + most - 1)]);
      backend.disposeData(soFar.dataId);
    }
    return sum;
  },
};
