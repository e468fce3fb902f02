/**
 * Backward kernels of resizing for cpu. Its own for nearest strides through `dy` by the size of the input's batch items,
 * wrong for more than one; its own for bilinear returns height and width exchanged, wrong for images that are not square.
 */
import type * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { type AxisWeights, bilinearWeights, nearestWeights, type Resize } from '../resize-weights.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';

/** Adds the adjoint of resizing `[batch, height, width, channels]` to `gradient`. */
export function resizeGradient(
  gradient: Float32Array,
  dy: ArrayLike<number>,
  input: readonly [number, number, number, number],
  output: readonly [number, number, number, number],
  resize: Resize,
  weights: AxisWeights,
): void {
  const [batch, height, width, channels] = input;
  const rows = Array.from({ length: output[1] }, (_, o) => weights(o, height, output[1], resize));
  const columns = Array.from({ length: output[2] }, (_, o) => weights(o, width, output[2], resize));
  let from = 0;
  for (let n = 0; n < batch; n++) {
    for (const row of rows) {
      for (const column of columns) {
        for (const [i, rowWeight] of row) {
          for (const [j, columnWeight] of column) {
            const to = ((n * height + i) * width + j) * channels;
            const weight = rowWeight * columnWeight;
            for (let c = 0; c < channels; c++) gradient[to + c]! += weight * dy[from + c]!;
          }
        }
        from += channels;
      }
    }
  }
}

function resizeGrad(
  kernelName: string,
  weights: AxisWeights,
): (backendName: HostBackendName, kind: KernelRepair['kind']) => KernelRepair {
  return (backendName, kind) => ({
    kernelName,
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const dy = inputs['dy'] as tf.TensorInfo;
      const images = inputs['images'] as tf.TensorInfo;
      type Shape = [number, number, number, number];
      return computeFloat32(backendName, backend, [dy], images.shape, (output, dyValues) =>
        resizeGradient(
          output,
          dyValues!,
          images.shape as Shape,
          dy.shape as Shape,
          attrs as unknown as Resize,
          weights,
        ),
      );
    },
  });
}

export const resizeNearestNeighborGrad = resizeGrad('ResizeNearestNeighborGrad', nearestWeights);
export const resizeBilinearGrad = resizeGrad('ResizeBilinearGrad', bilinearWeights);
