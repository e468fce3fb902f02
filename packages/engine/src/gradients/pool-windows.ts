/** The windows of a pooling operation along each spatial axis, for 2-D and 3-D pooling alike. */
import * as tf from '@tensorflow/tfjs';
import type { Attributes } from './gradient.ts';

/** One spatial axis: output `o` covers inputs `o stride - before` to `o stride - before + size - 1`. */
export interface WindowAxis {
  readonly axis: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly input: number;
  readonly output: number;
}

type Pad = 'valid' | 'same' | number;
type Rounding = 'floor' | 'round' | 'ceil';

/** The spatial axes of pooling over `[batch, ...spatial, channels]`. */
export function windowAxes(shape: readonly number[], attributes: Attributes): WindowAxis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as {
    filterSize: number;
    strides: number;
    pad: Pad;
    dimRoundingMode?: Rounding | undefined;
  };
  if (shape.length === 4) {
    const image = shape as [number, number, number, number];
    const i = tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad, dimRoundingMode);
    const { top, left } = i.padInfo;
    return [
      { axis: 1, size: i.filterHeight, stride: i.strideHeight, before: top, input: i.inHeight, output: i.outHeight },
      { axis: 2, size: i.filterWidth, stride: i.strideWidth, before: left, input: i.inWidth, output: i.outWidth },
    ];
  }
  const volume = shape as [number, number, number, number, number];
  const i = tf.backend_util.computePool3DInfo(volume, filterSize, strides, 1, pad, dimRoundingMode);
  // Below the stride, a window's padding 'same' comes out negative from tfjs; it is 0.
  const [front, top, left] = [i.padInfo.front, i.padInfo.top, i.padInfo.left].map((pad) => Math.max(0, pad)) as [
    number,
    number,
    number,
  ];
  return [
    { axis: 1, size: i.filterDepth, stride: i.strideDepth, before: front, input: i.inDepth, output: i.outDepth },
    { axis: 2, size: i.filterHeight, stride: i.strideHeight, before: top, input: i.inHeight, output: i.outHeight },
    { axis: 3, size: i.filterWidth, stride: i.strideWidth, before: left, input: i.inWidth, output: i.outWidth },
  ];
}

/** How many entries of the input, not of the padding, each window covers along one axis. */
function coverage({ size, stride, before, input, output }: WindowAxis): number[] {
  return Array.from({ length: output }, (_, o) => {
    const first = o * stride - before;
    return Math.min(input, first + size) - Math.max(0, first);
  });
}

/** Whether any window reaches into the padding. */
export function anyPadded(axes: readonly WindowAxis[]): boolean {
  return axes.some((axis) => coverage(axis).some((count) => count !== axis.size));
}

/** For each window, the fraction of it that lies inside the input: `[1, ...output, 1]`. */
export function coveredFraction(axes: readonly WindowAxis[]): tf.Tensor {
  let fractions = [1];
  for (const axis of axes) {
    fractions = fractions.flatMap((fraction) => coverage(axis).map((count) => (fraction * count) / axis.size));
  }
  return tf.tensor(fractions, [1, ...axes.map(({ output }) => output), 1], 'float32');
}
