/**
 * MaxPool3D and MaxPool3DGrad for wasm, whose own begin the search for the largest entry at the smallest positive float, so
 * that a window of negative entries has the maximum 1.2e-38. `dy` goes to the first largest entry, in row-major order.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { type Conv3DInfo, reads } from './conv3d-geometry.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';

/** Calls `visit` with the index of every output and of the first largest input entry of its window. */
function eachLargest(x: ArrayLike<number>, info: Conv3DInfo, visit: (output: number, input: number) => void): void {
  const channels = info.inChannels;
  let out = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let o = 0; o < info.outDepth; o++) {
      for (let p = 0; p < info.outHeight; p++) {
        for (let q = 0; q < info.outWidth; q++) {
          const window = reads(info, n, o, p, q);
          for (let c = 0; c < channels; c++, out++) {
            let best = -1;
            for (const { voxel } of window) {
              const index = voxel * channels + c;
              if (best === -1 || x[index]! > x[best]!) best = index;
            }
            if (best !== -1) visit(out, best);
          }
        }
      }
    }
  }
}

interface Attributes {
  filterSize: [number, number, number] | number;
  strides: [number, number, number] | number;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

function geometry(x: tf.TensorInfo, attributes: unknown): Conv3DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as Attributes;
  const shape = x.shape as [number, number, number, number, number];
  return tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

export function maxPool3d(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'MaxPool3D',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as tf.TensorInfo;
      const info = geometry(x, attrs);
      return computeFloat32(backendName, backend, [x], info.outShape, (output, values) =>
        eachLargest(values!, info, (o, i) => {
          output[o] = values![i]!;
        }),
      );
    },
  };
}

export function maxPool3dGrad(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'MaxPool3DGrad',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const dy = inputs['dy'] as tf.TensorInfo;
      const x = inputs['input'] as tf.TensorInfo;
      const info = geometry(x, attrs);
      return computeFloat32(backendName, backend, [dy, x], x.shape, (output, dyValues, values) =>
        eachLargest(values!, info, (o, i) => {
          output[i]! += dyValues![o]!;
        }),
      );
    },
  };
}
