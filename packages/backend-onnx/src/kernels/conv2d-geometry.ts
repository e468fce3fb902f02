/** Sizes, strides and padding of a 2-D convolution over [batch, height, width, channels]. */

import * as tf from '@tensorflow/tfjs';
import type { KernelCall } from './native-kernel.ts';

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
 * Bytes of patches made at a time, enough for the matrix product. One thread reads them back from its own cache. Several read them
 * from the one that they share, since lines just written by another processor take longer than lines that have left its cache.
 */
const PATCH_BYTES = { oneThread: 2 ** 20, moreThreads: 8 * 2 ** 20 };

/** A run of output rows, counted through all images. */
export interface RowChunk {
  first: number;
  count: number;
}

/** The output's rows in runs of equal length, but for the last; the patches of one run are made at a time. */
export function rowChunks(g: ConvolutionGeometry, threads: number): RowChunk[] {
  const rows = g.batch * g.outHeight;
  // Each product reads or writes the whole filter, which should not be more than the patches.
  const filterBytes = 4 * patchSize(g) * g.outChannels;
  const bytes = Math.max(threads === 1 ? PATCH_BYTES.oneThread : PATCH_BYTES.moreThreads, filterBytes);
  const most = Math.max(1, Math.floor(bytes / (4 * g.outWidth * patchSize(g))));
  const count = Math.ceil(rows / Math.ceil(rows / most));
  return Array.from({ length: Math.ceil(rows / count) }, (_, index) => ({
    first: index * count,
    count: Math.min(count, rows - index * count),
  }));
}

/** Images whose patches are made at a time where patches of different rows are added up. */
export function imagesPerChunk(g: ConvolutionGeometry): number {
  const perImage = 4 * g.outHeight * g.outWidth * patchSize(g);
  return Math.max(1, Math.min(g.batch, Math.floor(PATCH_BYTES.moreThreads / perImage)));
}
