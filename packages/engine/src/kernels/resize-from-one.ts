/**
 * Gradients of resizing an axis of one entry, on wasm, webgl and webgpu: with aligned corners the scale is 0, and they divide by it.
 * Every output reads the one entry, so `dy` is summed over that axis first.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

export function resizeGradFromOne(backendName: string): KernelRepair[] {
  return ['ResizeBilinearGrad', 'ResizeNearestNeighborGrad'].map((kernelName) => ({
    kernelName,
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const dy = params.inputs['dy'] as tf.Tensor;
      const { shape } = params.inputs['images'] as tf.TensorInfo;
      const axes = [1, 2].filter((axis) => shape[axis] === 1 && dy.shape[axis]! > 1);
      if (axes.length === 0) return original(params);
      return tf.tidy(() => {
        const summed = tf.sum(dy, axes, true);
        if (tf.util.arraysEqual(summed.shape, shape)) return summed;
        const result = original({ ...params, inputs: { ...params.inputs, dy: summed } }) as tf.TensorInfo;
        return tf.engine().makeTensorFromTensorInfo(result);
      });
    },
  }));
}
