/**
 * Conv2DBackpropFilter for wasm, which has none: the filter gradient is itself a convolution in which the batch plays the
 * channels' part, so XNNPACK's fast convolution computes it:
 * `dW[i, j, c, k] = sum_{n, p, q} x[n, p s + i - pad, q s + j - pad, c] dy[n, p, q, k]`.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';
import { paddingsOf } from './overhang.ts';

interface Attributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
  filterShape: [number, number, number, number];
}

export const wasmConv2DBackpropFilter: KernelRepair = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kind: 'missing',
  kernelFunc: ({ inputs, attrs }) => {
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as Attributes;
    const format = tf.backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC');
    return tf.tidy(() => {
      const channelsLast = format === 'channelsLast';
      const toLast = (t: tf.Tensor4D) => (channelsLast ? t : tf.transpose(t, [0, 2, 3, 1]));
      const x = toLast(inputs['x'] as tf.Tensor4D);
      const dy = toLast(inputs['dy'] as tf.Tensor4D);
      const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      const { top, bottom, left, right } = paddingsOf(info);
      const padded = tf.pad4d(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      const images = tf.transpose(padded, [3, 1, 2, 0]);
      const filters = tf.transpose(dy, [1, 2, 0, 3]);
      const correlation = tf.conv2d(images, filters, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
      const [height, width, inChannels, outChannels] = filterShape;
      const used = tf.slice4d(correlation, [0, 0, 0, 0], [inChannels, height, width, outChannels]);
      return tf.transpose(used, [1, 2, 0, 3]);
    });
  },
};
