/**
 * DepthwiseConv2dNativeBackpropFilter for wasm, which has none:
 * `dW[i, j, c, m] = sum_{n, p, q} x[n, p s + i d - pad, q s + j d - pad, c] dy[n, p, q, c M + m]`.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { computeFloat32, type HostBackendName } from './float32-values.ts';
import type { WindowGeometry } from './window-geometry.ts';

interface Attributes {
  strides: [number, number] | number;
  dilations: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
  filterShape: [number, number, number, number];
}

/** Adds one row of products to `gradient`, for the tap whose weights begin at `tap`. */
function addTap(
  gradient: Float32Array,
  tap: number,
  x: ArrayLike<number>,
  from: number,
  dy: ArrayLike<number>,
  out: number,
  channels: number,
  multiplier: number,
): void {
  if (multiplier === 1) {
    for (let c = 0; c < channels; c++) gradient[tap + c]! += x[from + c]! * dy[out + c]!;
    return;
  }
  for (let c = 0; c < channels; c++) {
    const value = x[from + c]!;
    for (let m = 0; m < multiplier; m++) gradient[tap + c * multiplier + m]! += value * dy[out + c * multiplier + m]!;
  }
}

/** Accumulates the filter gradient `[filterHeight, filterWidth, channels, multiplier]` into `gradient`. */
export function depthwiseFilterGradient(
  gradient: Float32Array,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  info: WindowGeometry,
  multiplier: number,
): void {
  const channels = info.inChannels;
  const depth = channels * multiplier;
  for (let n = 0; n < info.batchSize; n++) {
    for (let p = 0; p < info.outHeight; p++) {
      for (let i = 0; i < info.filterHeight; i++) {
        const row = p * info.strideHeight + i * info.dilationHeight - info.padInfo.top;
        if (row < 0 || row >= info.inHeight) continue;
        const rowStart = (n * info.inHeight + row) * info.inWidth;
        for (let q = 0; q < info.outWidth; q++) {
          const out = ((n * info.outHeight + p) * info.outWidth + q) * depth;
          for (let j = 0; j < info.filterWidth; j++) {
            const column = q * info.strideWidth + j * info.dilationWidth - info.padInfo.left;
            if (column < 0 || column >= info.inWidth) continue;
            const tap = (i * info.filterWidth + j) * depth;
            addTap(gradient, tap, x, (rowStart + column) * channels, dy, out, channels, multiplier);
          }
        }
      }
    }
  }
}

export function depthwiseConv2dBackpropFilter(backendName: HostBackendName, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { strides, dilations, pad, dimRoundingMode, filterShape } = attrs as unknown as Attributes;
      const x = inputs['x'] as tf.TensorInfo;
      const dy = inputs['dy'] as tf.TensorInfo;
      const shape = x.shape as [number, number, number, number];
      const info = tf.backend_util.computeConv2DInfo(
        shape,
        filterShape,
        strides,
        dilations ?? 1,
        pad,
        dimRoundingMode,
        true,
      );
      return computeFloat32(backendName, backend, [x, dy], filterShape, (output, xValues, dyValues) =>
        depthwiseFilterGradient(output, xValues!, dyValues!, info, filterShape[3]),
      );
    },
  };
}
