/**
 * Resizing of images, nearest neighbour and bilinear, and the gradients: exact adjoints of the forward kernels for any
 * batch and both conventions of where a pixel lies (tfjs's cpu gradients are not, for batches and half pixel centres).
 */

import type * as tf from '@tensorflow/tfjs';
import { offsetBy } from '../threads/work.ts';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

/** For every output position the source before, the source after and the weight of the latter. */
interface ResizeTable {
  sources: number[];
  weights: number[];
}

function table(call: KernelCall, bilinear: boolean, length: number, out: number): ResizeTable {
  const { alignCorners, halfPixelCenters } = call.attrs;
  const align = Boolean(alignCorners) && out > 1;
  const ratio = (align ? length - 1 : length) / (align ? out - 1 : out);
  const sources: number[] = [];
  const weights: number[] = [];
  for (let index = 0; index < out; index++) {
    const last = length - 1;
    if (bilinear) {
      const position = halfPixelCenters ? ratio * (index + 0.5) - 0.5 : ratio * index;
      const before = Math.max(0, Math.floor(position));
      sources.push(before, Math.min(last, Math.ceil(position)));
      weights.push(position - before);
    } else {
      const position = halfPixelCenters ? ratio * (index + 0.5) : ratio * index;
      const nearest = Math.max(0, Math.min(last, alignCorners ? Math.round(position) : Math.floor(position)));
      sources.push(nearest, nearest);
      weights.push(0);
    }
  }
  return { sources, weights };
}

function run(
  call: KernelCall,
  kernel: string,
  source: tf.TensorInfo,
  out: tf.TensorInfo,
  small: readonly number[],
  large: readonly number[],
  bilinear: boolean,
): tf.TensorInfo {
  const { backend } = call;
  const [batch, height, width, channels] = small as [number, number, number, number];
  const [, outHeight, outWidth] = large as [number, number, number];
  const rows = table(call, bilinear, height, outHeight);
  const columns = table(call, bilinear, width, outWidth);
  const [smallImage, largeImage] = [height * width * channels, outHeight * outWidth * channels];
  const [sourceImage, outImage] = kernel === 'resize' ? [smallImage, largeImage] : [largeImage, smallImage];
  const numbers = backend.numbers([...rows.weights, ...columns.weights]);
  const [from, to] = [backend.pointer(source), backend.pointer(out)];
  const work = { total: batch, elements: batch * (smallImage + largeImage) };
  kernelInRanges(backend, kernel, work, ({ first, count }, integersFor) => {
    const sizes = [count, height, width, channels, outHeight, outWidth];
    const integers = integersFor([...sizes, ...rows.sources, ...columns.sources]);
    return [
      from + 4 * first * sourceImage,
      to + 4 * first * outImage,
      integers,
      offsetBy(integers, 4 * sizes.length),
      numbers,
      offsetBy(integers, 4 * (sizes.length + rows.sources.length)),
      numbers + 4 * rows.weights.length,
    ];
  });
  return out;
}

/** As many output rows and columns as the area for integers has room for: two for each, and the sizes. */
const MAXIMUM_LENGTH = 4090;

function isEmptyOrHuge(...shapes: (readonly number[])[]): boolean {
  return shapes.some(
    (shape) => sizeOf(shape) === 0 || (shape[1] as number) > MAXIMUM_LENGTH || (shape[2] as number) > MAXIMUM_LENGTH,
  );
}

function resize(call: KernelCall, bilinear: boolean): tf.TensorInfo | undefined {
  const images = input(call, 'images');
  const [batch, , , channels] = images.shape as [number, number, number, number];
  const [height, width] = call.attrs['size'] as [number, number];
  const shape = [batch, height, width, channels];
  if (!isFloat(images) || isEmptyOrHuge(images.shape, shape)) return undefined;
  const out = call.backend.reserve(shape, 'float32');
  return run(call, 'resize', images, out, images.shape, shape, bilinear);
}

function resizeGradient(call: KernelCall, bilinear: boolean): tf.TensorInfo | undefined {
  const images = input(call, 'images');
  const dy = input(call, 'dy');
  if (!isFloat(images, dy) || isEmptyOrHuge(images.shape, dy.shape)) return undefined;
  const dx = call.backend.reserve(images.shape, 'float32');
  return run(call, 'resize_gradient', dy, dx, images.shape, dy.shape, bilinear);
}

export const resizeKernels: NativeKernel[] = [
  { name: 'ResizeNearestNeighbor', run: (call) => resize(call, false) },
  { name: 'ResizeBilinear', run: (call) => resize(call, true) },
  { name: 'ResizeNearestNeighborGrad', run: (call) => resizeGradient(call, false) },
  { name: 'ResizeBilinearGrad', run: (call) => resizeGradient(call, true) },
];
