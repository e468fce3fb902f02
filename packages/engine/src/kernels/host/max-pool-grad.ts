/**
 * MaxPoolGrad: each entry of `dy` goes to the first largest entry of its window, in row-major order. The wasm backend's
 * own gives wrong numbers for some shapes (2x4x4x1 and 1x8x8x3 with a 2x2 window, for instance).
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';
import type { WindowGeometry } from './window-geometry.ts';

/** The index in `x` of the first largest entry of the window of output `(n, p, q, c)`. */
function firstLargest(x: ArrayLike<number>, info: WindowGeometry, n: number, p: number, q: number, c: number): number {
  let best = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < info.filterHeight; i++) {
    const row = p * info.strideHeight + i * info.dilationHeight - info.padInfo.top;
    if (row < 0 || row >= info.inHeight) continue;
    for (let j = 0; j < info.filterWidth; j++) {
      const column = q * info.strideWidth + j * info.dilationWidth - info.padInfo.left;
      if (column < 0 || column >= info.inWidth) continue;
      const index = ((n * info.inHeight + row) * info.inWidth + column) * info.inChannels + c;
      const value = x[index]!;
      if (best === -1 || value > largest) {
        best = index;
        largest = value;
      }
    }
  }
  return best;
}

/** Adds the gradient of max pooling with respect to `x` to `gradient`. */
export function maxPoolGradient(
  gradient: Float32Array,
  dy: ArrayLike<number>,
  x: ArrayLike<number>,
  info: WindowGeometry,
): void {
  let out = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let p = 0; p < info.outHeight; p++) {
      for (let q = 0; q < info.outWidth; q++) {
        for (let c = 0; c < info.inChannels; c++) {
          const index = firstLargest(x, info, n, p, q, c);
          if (index >= 0) gradient[index]! += dy[out]!;
          out++;
        }
      }
    }
  }
}

interface Attributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

export function maxPoolGrad(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'MaxPoolGrad',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
      const dy = inputs['dy'] as tf.TensorInfo;
      const x = inputs['input'] as tf.TensorInfo;
      const shape = x.shape as [number, number, number, number];
      const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
      return computeFloat32(backendName, backend, [dy, x], shape, (output, dyValues, xValues) =>
        maxPoolGradient(output, dyValues!, xValues!, info),
      );
    },
  };
}
