/**
 * Conv3DBackpropFilterV2: `dW[k, c, m] = sum_{n, o} x[n, o s + k - pad, c] dy[n, o, m]`. The wasm backend's own is wrong
 * when the stride is larger than 1.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { type Conv3DInfo, reads } from './conv3d-geometry.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';

/** Adds the outer product of one input voxel and one output position to the tap's `[inChannels, outChannels]` weights. */
function addOuterProduct(
  gradient: Float32Array,
  tap: number,
  x: ArrayLike<number>,
  voxel: number,
  dy: ArrayLike<number>,
  out: number,
  inChannels: number,
  outChannels: number,
): void {
  for (let c = 0; c < inChannels; c++) {
    const value = x[voxel + c]!;
    const weights = tap + c * outChannels;
    for (let k = 0; k < outChannels; k++) gradient[weights + k]! += value * dy[out + k]!;
  }
}

/** Adds the filter gradient of a 3-D convolution to `gradient`, `[depth, height, width, inChannels, outChannels]`. */
export function conv3dFilterGradient(
  gradient: Float32Array,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  info: Conv3DInfo,
): void {
  const { inChannels, outChannels } = info;
  let out = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let o = 0; o < info.outDepth; o++) {
      for (let p = 0; p < info.outHeight; p++) {
        for (let q = 0; q < info.outWidth; q++, out += outChannels) {
          for (const { voxel, tap } of reads(info, n, o, p, q)) {
            const weights = tap * inChannels * outChannels;
            addOuterProduct(gradient, weights, x, voxel * inChannels, dy, out, inChannels, outChannels);
          }
        }
      }
    }
  }
}

interface Attributes {
  filterShape: [number, number, number, number, number];
  strides: [number, number, number] | number;
  pad: 'valid' | 'same';
}

export function conv3dBackpropFilter(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'Conv3DBackpropFilterV2',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { filterShape, strides, pad } = attrs as unknown as Attributes;
      const x = inputs['x'] as tf.TensorInfo;
      const dy = inputs['dy'] as tf.TensorInfo;
      const inputShape = x.shape as [number, number, number, number, number];
      const info = tf.backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
      return computeFloat32(backendName, backend, [x, dy], filterShape, (output, xValues, dyValues) =>
        conv3dFilterGradient(output, xValues!, dyValues!, info),
      );
    },
  };
}
