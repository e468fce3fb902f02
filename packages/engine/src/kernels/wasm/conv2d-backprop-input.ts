/**
 * Conv2DBackpropInput (the gradient of a convolution, and the transposed convolution of every generator) for wasm. The
 * backend's own is a plain loop; here the `s x s` phases of the output are computed as the channels of one dense
 * convolution of `dy`, which XNNPACK runs, and a transposition interleaves them. With `y + pad = s q + r`,
 * `dx[y] = sum_j dy[q - j] W[s j + r]` for every phase `r` in `[0, s)`.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

interface Attributes {
  inputShape: [number, number, number, number];
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

/** The number of positions before stride that cover `size` outputs of a padded axis. */
function positions(size: number, padBefore: number, stride: number): number {
  return Math.floor((size - 1 + padBefore) / stride) + 1;
}

/** `W[s j + r]` reversed over `j`, the phase `r` moved to the output channels: `[taps, taps, K, s s C]`. */
function phaseFilters(filter: tf.Tensor4D, stride: number, taps: readonly [number, number]): tf.Tensor4D {
  const [height, width, inChannels, outChannels] = filter.shape;
  const full = tf.pad4d(filter, [
    [0, taps[0] * stride - height],
    [0, taps[1] * stride - width],
    [0, 0],
    [0, 0],
  ]);
  const split = tf.reshape(full, [taps[0], stride, taps[1], stride, inChannels, outChannels]);
  const reversed = tf.reverse(split, [0, 2]);
  const ordered = tf.transpose(reversed, [0, 2, 5, 1, 3, 4]);
  return tf.reshape(ordered, [taps[0], taps[1], outChannels, stride * stride * inChannels]);
}

export const wasmConv2DBackpropInput: KernelRepair = {
  kernelName: 'Conv2DBackpropInput',
  backendName: 'wasm',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const { inputs, attrs } = params;
    const { inputShape, strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as Attributes;
    const filter = inputs['filter'] as tf.Tensor4D;
    const format = tf.backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC');
    const info = tf.backend_util.computeConv2DInfo(
      inputShape,
      filter.shape,
      strides,
      1,
      pad,
      dimRoundingMode,
      false,
      format,
    );
    const stride = info.strideHeight;
    if (info.strideWidth !== stride || format !== 'channelsLast') return original(params);
    return tf.tidy(() => {
      const dy = inputs['dy'] as tf.Tensor4D;
      const taps = [Math.ceil(info.filterHeight / stride), Math.ceil(info.filterWidth / stride)] as const;
      const { top, left } = info.padInfo;
      const rows = positions(info.inHeight, top, stride);
      const columns = positions(info.inWidth, left, stride);
      // The convolution needs `taps - 1` positions before and enough after to give `rows` outputs; surplus ones are cut.
      const spread = tf.pad4d(dy, [
        [0, 0],
        [taps[0] - 1, Math.max(0, rows - info.outHeight)],
        [taps[1] - 1, Math.max(0, columns - info.outWidth)],
        [0, 0],
      ]);
      const phases = tf.conv2d(spread, phaseFilters(filter, stride, taps), 1, 'valid');
      const [batch, height, width] = phases.shape;
      // Rows of the image, then of phases; the backend's own depthToSpace and rank-4 slice are many times slower.
      const inRow = stride * info.inChannels;
      const byRow = tf.transpose(tf.reshape(phases, [batch * height, width, stride, inRow]), [0, 2, 1, 3]);
      const image = tf.reshape(byRow, [batch, height * stride, width * inRow]);
      const size = info.inWidth * info.inChannels;
      const used = tf.slice3d(image as tf.Tensor3D, [0, top, left * info.inChannels], [batch, info.inHeight, size]);
      return tf.reshape(used, info.inShape) as tf.Tensor4D;
    });
  },
};
