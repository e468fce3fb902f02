/**
 * MaxPool3DGrad for webgpu, whose own finds the largest entry of some windows in another place: one tap of the window at a time, the
 * entries that are the largest and come first.
 */
import * as tf from '@tensorflow/tfjs';
import { dilateAxis, everyNth, padOrCropAxis } from '../dilate-axis.ts';
import type { KernelRepair } from '../repair.ts';

interface Attributes {
  readonly filterSize: [number, number, number] | number;
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Below every float that a network has. */
const lowest = -3.4e38;

export const webgpuMaxPool3dGrad: KernelRepair = {
  kernelName: 'MaxPool3DGrad',
  backendName: 'webgpu',
  kind: 'replace',
  kernelFunc: ({ inputs, attrs }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
    const [dy, x] = [inputs['dy'] as tf.Tensor, inputs['input'] as tf.Tensor5D];
    const info = tf.backend_util.computePool3DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { padInfo } = info;
    const axes = [
      {
        taps: info.filterDepth,
        stride: info.strideDepth,
        before: padInfo.front,
        size: info.inDepth,
        out: info.outDepth,
      },
      {
        taps: info.filterHeight,
        stride: info.strideHeight,
        before: padInfo.top,
        size: info.inHeight,
        out: info.outHeight,
      },
      {
        taps: info.filterWidth,
        stride: info.strideWidth,
        before: padInfo.left,
        size: info.inWidth,
        out: info.outWidth,
      },
    ].map((axis) => {
      const before = Math.max(0, axis.before);
      const extent = Math.max((axis.out - 1) * axis.stride + axis.taps, axis.size + before);
      return { ...axis, before, after: extent - axis.size - before, extent };
    });
    return tf.tidy(() => {
      const padded = axes.reduce<tf.Tensor>(
        (at, { before, after }, i) => padOrCropAxis(at, i + 1, before, after, lowest),
        x,
      );
      const tap = (places: readonly number[]) =>
        axes.reduce((at, { stride, out }, i) => everyNth(at, i + 1, places[i]!, stride, out), padded);
      const places = Array.from({ length: axes[0]!.taps * axes[1]!.taps * axes[2]!.taps }, (_, index) => [
        Math.floor(index / (axes[1]!.taps * axes[2]!.taps)),
        Math.floor(index / axes[2]!.taps) % axes[1]!.taps,
        index % axes[2]!.taps,
      ]);
      const largest = places.map(tap).reduce((a, b) => tf.maximum(a, b));
      let left = tf.onesLike(dy);
      let gradient = tf.zerosLike(padded);
      for (const place of places) {
        const first = tf.mul(left, tf.cast(tf.equal(tap(place), largest), 'float32'));
        left = tf.sub(left, first);
        const spread = axes.reduce<tf.Tensor>(
          (at, { stride, extent }, i) => {
            const dilated = dilateAxis(at, i + 1, stride);
            return padOrCropAxis(dilated, i + 1, place[i]!, extent - place[i]! - dilated.shape[i + 1]!);
          },
          tf.mul(first, dy),
        );
        gradient = tf.add(gradient, spread);
      }
      return axes.reduce((at, { before, after }, i) => padOrCropAxis(at, i + 1, -before, -after), gradient);
    });
  },
};
