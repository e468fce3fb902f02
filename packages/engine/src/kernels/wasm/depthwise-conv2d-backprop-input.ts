/**
 * DepthwiseConv2dNativeBackpropInput for wasm, which has none: with zeros between the entries of `dy` (one less than the
 * stride) and the filter turned round, it is a depthwise convolution of `dy`, which XNNPACK runs. A channel multiplier is
 * summed over afterwards.
 */
import * as tf from '@tensorflow/tfjs';
import { dilateAxis, padOrCropAxis } from '../dilate-axis.ts';
import type { KernelRepair } from '../repair.ts';

interface Attributes {
  inputShape: [number, number, number, number];
  strides: [number, number] | number;
  dilations: [number, number] | number;
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

export const wasmDepthwiseConv2dBackpropInput: KernelRepair = {
  kernelName: 'DepthwiseConv2dNativeBackpropInput',
  backendName: 'wasm',
  kind: 'missing',
  kernelFunc: ({ inputs, attrs }) => {
    const { inputShape, strides, dilations, pad, dimRoundingMode } = attrs as unknown as Attributes;
    const dy = inputs['dy'] as tf.Tensor4D;
    const filter = inputs['filter'] as tf.Tensor4D;
    const info = tf.backend_util.computeConv2DInfo(
      inputShape,
      filter.shape,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      true,
    );
    return tf.tidy(() => {
      const [height, width, inChannels, multiplier] = filter.shape;
      const axes = [
        {
          stride: info.strideHeight,
          reach: info.effectiveFilterHeight - 1,
          before: info.padInfo.top,
          size: info.inHeight,
        },
        {
          stride: info.strideWidth,
          reach: info.effectiveFilterWidth - 1,
          before: info.padInfo.left,
          size: info.inWidth,
        },
      ];
      let spread = dy;
      axes.forEach(({ stride, reach, before, size }, i) => {
        const axis = i + 1;
        const dilated = dilateAxis(spread, axis, stride);
        spread = padOrCropAxis(dilated, axis, reach - before, size + before - dilated.shape[axis]!);
      });
      const turned = tf.reshape(tf.reverse(filter, [0, 1]), [height, width, inChannels * multiplier, 1] as const);
      const perFilter = tf.depthwiseConv2d(spread, turned as tf.Tensor4D, 1, 'valid', 'NHWC', [
        info.dilationHeight,
        info.dilationWidth,
      ]);
      if (multiplier === 1) return perFilter;
      return tf.sum(tf.reshape(perFilter, [...inputShape, multiplier]), -1);
    });
  },
};
