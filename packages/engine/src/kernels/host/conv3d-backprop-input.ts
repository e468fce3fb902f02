/**
 * Conv3DBackpropInputV2: `dx[n, z + k] += dy[n, o] W[k]` over every output position `o` and tap `k`. The wasm backend's
 * own takes the padding for its complement, which is wrong for 'same'.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { type Conv3DInfo, reads } from './conv3d-geometry.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';

/** Adds `dy W` of one output position and one tap to the input voxel at `to`. */
function addVoxel(
  gradient: Float32Array,
  to: number,
  dy: ArrayLike<number>,
  out: number,
  filter: ArrayLike<number>,
  tap: number,
  inChannels: number,
  outChannels: number,
): void {
  for (let c = 0; c < inChannels; c++) {
    let sum = 0;
    const weights = tap + c * outChannels;
    for (let k = 0; k < outChannels; k++) sum += dy[out + k]! * filter[weights + k]!;
    gradient[to + c]! += sum;
  }
}

/** Adds the input gradient of a 3-D convolution to `gradient`, `[batch, depth, height, width, inChannels]`. */
export function conv3dInputGradient(
  gradient: Float32Array,
  dy: ArrayLike<number>,
  filter: ArrayLike<number>,
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
            addVoxel(gradient, voxel * inChannels, dy, out, filter, weights, inChannels, outChannels);
          }
        }
      }
    }
  }
}

interface Attributes {
  inputShape: [number, number, number, number, number];
  strides: [number, number, number] | number;
  pad: 'valid' | 'same';
}

export function conv3dBackpropInput(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'Conv3DBackpropInputV2',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { inputShape, strides, pad } = attrs as unknown as Attributes;
      const dy = inputs['dy'] as tf.TensorInfo;
      const filter = inputs['filter'] as tf.TensorInfo;
      const filterShape = filter.shape as [number, number, number, number, number];
      const info = tf.backend_util.computeConv3DInfo(inputShape, filterShape, strides, 1, pad);
      return computeFloat32(backendName, backend, [dy, filter], inputShape, (output, dyValues, filterValues) =>
        conv3dInputGradient(output, dyValues!, filterValues!, info),
      );
    },
  };
}
