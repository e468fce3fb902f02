/** How images are cut into tiles for Winograd's minimal filtering, and when that pays. */

import type { OnnxBackend } from '../backend.ts';
import type { ConvolutionGeometry } from './conv2d-geometry.ts';
import { type Range, rangesOf, rangesOfLength } from './ranges.ts';

const OUTPUTS = 4;
/** As in `wasm/winograd.c`. */
const MOST_CHANNELS = 2048;
/** Channels that a kernel handles at a time. */
export const VECTOR = 4;

/** An image (or its gradient) cut into tiles of 4 rows and columns of each of its planes. */
export interface Tiling {
  height: number;
  width: number;
  channels: number;
  planes: number;
  padTop: number;
  padLeft: number;
  rows: number;
  columns: number;
}

/** Taps of the filter in a plane: 2 or 3. */
export function tapsOf(g: ConvolutionGeometry): number {
  return Math.ceil(g.filterHeight / g.strideHeight);
}

/** Numbers that a tile becomes. */
export function positionsOf(g: ConvolutionGeometry): number {
  return (tapsOf(g) + OUTPUTS - 1) ** 2;
}

/** Output pixels of the convolution in tiles. */
export function outputTiling(g: ConvolutionGeometry): Tiling {
  return {
    height: g.outHeight,
    width: g.outWidth,
    channels: g.outChannels,
    planes: 1,
    padTop: 0,
    padLeft: 0,
    rows: Math.ceil(g.outHeight / OUTPUTS),
    columns: Math.ceil(g.outWidth / OUTPUTS),
  };
}

/** The pixels under those tiles. */
export function inputTiling(g: ConvolutionGeometry): Tiling {
  const { rows, columns } = outputTiling(g);
  const { height, width, channels, strideHeight: planes, padTop, padLeft } = g;
  return { height, width, channels, planes, padTop, padLeft, rows, columns };
}

/** For the transposed convolution: pixels of the image in tiles, and the output pixels that they were seen from. */
export function transposedTilings(g: ConvolutionGeometry): { image: Tiling; gradient: Tiling } {
  const { strideHeight: planes, height, width, channels } = g;
  const axis = (length: number, pad: number) => {
    const first = Math.max(0, Math.ceil((pad - planes + 1) / planes));
    const last = Math.floor((length - 1 + pad) / planes);
    return { first, tiles: Math.ceil((last - first + 1) / OUTPUTS) };
  };
  const [down, right] = [axis(height, g.padTop), axis(width, g.padLeft)];
  const size = { rows: down.tiles, columns: right.tiles };
  const reach = tapsOf(g) - 1;
  return {
    image: {
      ...{ height, width, channels, planes },
      padTop: g.padTop - planes * down.first,
      padLeft: g.padLeft - planes * right.first,
      ...size,
    },
    gradient: {
      ...{ height: g.outHeight, width: g.outWidth, channels: g.outChannels, planes: 1 },
      padTop: reach - down.first,
      padLeft: reach - right.first,
      ...size,
    },
  };
}

/** Multiplications in tiles for each one that a plain sum takes. */
function cost(g: ConvolutionGeometry, { rows, columns }: Tiling): number {
  const perChannels = rows * columns * positionsOf(g) * g.strideHeight * g.strideWidth;
  return perChannels / (g.outHeight * g.outWidth * g.filterHeight * g.filterWidth);
}

/** With fewer, transforming costs more than it saves. */
const LEAST_CHANNELS = { convolution: 32, filterGradient: 16 };
const LEAST_TILES = 192;
const HIGHEST_COST = 0.6;
/** Of a filter in all its positions. */
const MOST_FILTER_BYTES = 2 ** 26;

/** Whether tiles are faster than the other ways, for the convolution and its transposed, or for the filter's gradient. */
export function suitsWinograd(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  purpose: keyof typeof LEAST_CHANNELS,
): boolean {
  if (!backend.winogradConvolution) return false;
  const { filterHeight, strideHeight, channels, outChannels } = g;
  const square =
    filterHeight === g.filterWidth && strideHeight === g.strideWidth && g.dilationHeight * g.dilationWidth === 1;
  const suits = (count: number) => count >= LEAST_CHANNELS[purpose] && count <= MOST_CHANNELS && count % VECTOR === 0;
  if (!(square && strideHeight <= 2 && (tapsOf(g) === 2 || tapsOf(g) === 3))) return false;
  if (!(suits(channels) && suits(outChannels))) return false;
  if (4 * positionsOf(g) * strideHeight ** 2 * channels * outChannels > MOST_FILTER_BYTES) return false;
  const { rows, columns } = outputTiling(g);
  return g.batch * rows * columns >= LEAST_TILES && cost(g, transposedTilings(g).image) <= HIGHEST_COST;
}

/**
 * Bytes of tiles before and after the products that a thread handles at a time: they stay in its cache. Each chunk reads the whole
 * filter, so with a large one chunks are larger.
 */
const CHUNK_BYTES = { least: 2 ** 20, most: 2 ** 22 };

/** Tiles by parts, and in each part by chunks. */
export function tilesInParts(tiles: number, parts: number, bytesPerTile: number, filterBytes: number): Range[][] {
  const bytes = Math.min(Math.max(CHUNK_BYTES.least, filterBytes), CHUNK_BYTES.most);
  return rangesOf(tiles, parts).map((part) => {
    const most = Math.max(1, Math.floor(bytes / bytesPerTile));
    // An odd number, so that the positions of a tile do not all fall on the same lines of the cache.
    const count = Math.ceil(part.count / Math.ceil(part.count / most)) | 1;
    return rangesOfLength(part.count, count).map((chunk) => ({ ...chunk, first: part.first + chunk.first }));
  });
}

export function tilingIntegers(t: Tiling, { first, count }: Range): number[] {
  return [t.height, t.width, t.channels, t.planes, t.padTop, t.padLeft, t.rows, t.columns, count, first];
}
