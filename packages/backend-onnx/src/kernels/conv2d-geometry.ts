/** Sizes, strides and padding of a 2-D convolution over [batch, height, width, channels]. */

import * as tf from '@tensorflow/tfjs';
import type { KernelCall } from './native-kernel.ts';
import { type Range, rangesOf } from './ranges.ts';

export interface ConvolutionGeometry {
  batch: number;
  height: number;
  width: number;
  channels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilationHeight: number;
  dilationWidth: number;
  padTop: number;
  padLeft: number;
}

/** What tfjs works out of a convolution or pooling. */
type WindowInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** @returns undefined for an empty image, filter or result: the cpu kernel takes those. */
export function geometryFrom(info: WindowInfo): ConvolutionGeometry | undefined {
  const sizes = {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
  };
  if (!Object.values(sizes).every((size) => size > 0)) return undefined;
  return {
    ...sizes,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

/**
 * @param depthwise whether every channel has filters of its own
 * @returns undefined for channels-first images, groups of channels, and what is empty: the cpu kernel takes those.
 */
export function convolutionGeometry(
  call: KernelCall,
  imageShape: readonly number[],
  filterShape: readonly number[],
  depthwise = false,
): ConvolutionGeometry | undefined {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = call.attrs;
  if (dataFormat !== undefined && dataFormat !== 'NHWC') return undefined;
  if (imageShape[3] !== filterShape[2]) return undefined;
  const info = tf.backend_util.computeConv2DInfo(
    imageShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides as [number, number],
    (dilations ?? 1) as [number, number],
    pad as 'same',
    dimRoundingMode as 'floor',
    depthwise,
  );
  return geometryFrom(info);
}

/** The geometry in the order of the C struct `Geometry`. */
export function geometryIntegers(g: ConvolutionGeometry): number[] {
  return [
    g.batch,
    g.height,
    g.width,
    g.channels,
    g.outHeight,
    g.outWidth,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padTop,
    g.padLeft,
  ];
}

/** Elements of one patch of the input: a row of the matrix that the filter multiplies. */
export function patchSize(g: ConvolutionGeometry): number {
  return g.filterHeight * g.filterWidth * g.channels;
}

/** Multiplications of one convolution. */
export function multiplications(g: ConvolutionGeometry): number {
  return g.batch * g.outHeight * g.outWidth * g.outChannels * patchSize(g);
}

/** True when the patches are the image itself. */
export function isPointwise(g: ConvolutionGeometry): boolean {
  return (
    g.filterHeight === 1 &&
    g.filterWidth === 1 &&
    g.strideHeight === 1 &&
    g.strideWidth === 1 &&
    g.padTop === 0 &&
    g.padLeft === 0 &&
    g.outHeight === g.height &&
    g.outWidth === g.width
  );
}

/**
 * Bytes of patches that a thread makes at a time: it reads them back from its own cache. Each product reads or writes the whole filter,
 * so with a large one it makes more.
 */
const PATCH_BYTES = { least: 2 ** 20, most: 2 ** 23 };

/** `total` rows of patches, `rowBytes` each, by parts for the threads, and in each part by chunks. */
export function chunksOfParts(total: number, rowBytes: number, filterBytes: number, parts: number): Range[][] {
  const bytes = Math.min(Math.max(PATCH_BYTES.least, filterBytes), PATCH_BYTES.most);
  const most = Math.max(1, Math.floor(bytes / rowBytes));
  return rangesOf(total, parts).map((part) =>
    rangesOf(part.count, Math.ceil(part.count / most)).map((chunk) => ({ ...chunk, first: part.first + chunk.first })),
  );
}

/** The most rows that any of the chunks has. */
export function longestOf(parts: readonly Range[][]): number {
  return Math.max(...parts.flat().map(({ count }) => count));
}
