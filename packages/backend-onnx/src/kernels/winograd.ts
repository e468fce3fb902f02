/**
 * Convolution in tiles of 4x4 outputs by Winograd's minimal filtering: for a 3x3 filter 36 multiplications instead of 144, for
 * 4x4 with stride 2 (four planes of 2x2) 100 instead of 256. Its rounding errors are two to four times those of plain sums.
 * Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks".
 */

import type { OnnxBackend } from '../backend.ts';
import { inScratch } from '../threads/work.ts';
import type { Finish } from './bias-activation.ts';
import { type ConvolutionGeometry, longestOf, multiplications } from './conv2d-geometry.ts';
import { kernelInRanges, partsFor, type Range, rangesOf, rangesOfLength } from './ranges.ts';

const OUTPUTS = 4;
/** As in `wasm/winograd.c`. */
const MOST_CHANNELS = 2048;
const VECTOR = 4;

const NOTHING: Finish = { bias: 0, activation: 0, slope: 0 };

/** An image (or its gradient) cut into tiles of 4 rows and columns of each of its planes. */
interface Tiling {
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
function tapsOf(g: ConvolutionGeometry): number {
  return Math.ceil(g.filterHeight / g.strideHeight);
}

/** Numbers that a tile becomes. */
function positionsOf(g: ConvolutionGeometry): number {
  return (tapsOf(g) + OUTPUTS - 1) ** 2;
}

/** Output pixels of the convolution in tiles. */
function outputTiling(g: ConvolutionGeometry): Tiling {
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
function inputTiling(g: ConvolutionGeometry): Tiling {
  const { rows, columns } = outputTiling(g);
  const { height, width, channels, strideHeight: planes, padTop, padLeft } = g;
  return { height, width, channels, planes, padTop, padLeft, rows, columns };
}

/** For the transposed convolution: pixels of the image in tiles, and the output pixels that they were seen from. */
function transposedTilings(g: ConvolutionGeometry): { image: Tiling; gradient: Tiling } {
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
  const { rows, columns } = outputTiling(g);
  return g.batch * rows * columns >= LEAST_TILES && cost(g, transposedTilings(g).image) <= HIGHEST_COST;
}

/**
 * Bytes of tiles before and after the products that a thread handles at a time: they stay in its cache. Each chunk reads the whole
 * filter, so with a large one chunks are larger.
 */
const CHUNK_BYTES = { least: 2 ** 20, most: 2 ** 22 };

/** Tiles by parts, and in each part by chunks. */
function tilesInParts(tiles: number, parts: number, bytesPerTile: number, filterBytes: number): Range[][] {
  const bytes = Math.min(Math.max(CHUNK_BYTES.least, filterBytes), CHUNK_BYTES.most);
  return rangesOf(tiles, parts).map((part) => {
    const most = Math.max(1, Math.floor(bytes / bytesPerTile));
    // An odd number, so that the positions of a tile do not all fall on the same lines of the cache.
    const count = Math.ceil(part.count / Math.ceil(part.count / most)) | 1;
    return rangesOfLength(part.count, count).map((chunk) => ({ ...chunk, first: part.first + chunk.first }));
  });
}

function tilingIntegers(t: Tiling, { first, count }: Range): number[] {
  return [t.height, t.width, t.channels, t.planes, t.padTop, t.padLeft, t.rows, t.columns, count, first];
}

export function convolveWinograd(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  filter: number,
  out: number,
  finish = NOTHING,
): void {
  throughTiles(backend, g, { from: inputTiling(g), to: outputTiling(g), turned: false }, image, filter, out, finish);
}

export function convolveTransposedWinograd(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  dy: number,
  filter: number,
  dx: number,
): void {
  const { image, gradient } = transposedTilings(g);
  throughTiles(backend, g, { from: gradient, to: image, turned: true }, dy, filter, dx, NOTHING);
}

function throughTiles(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  { from, to, turned }: { from: Tiling; to: Tiling; turned: boolean },
  input: number,
  filter: number,
  output: number,
  { bias, activation, slope }: Finish,
): void {
  const [taps, positions] = [tapsOf(g), positionsOf(g)];
  const [inner, outer] = [from.planes ** 2 * from.channels, to.planes ** 2 * to.channels];
  const bytesPerTile = 4 * positions * (inner + outer);
  const tiles = g.batch * to.rows * to.columns;
  const parts = tilesInParts(tiles, partsFor(backend, multiplications(g)), bytesPerTile, 4 * positions * inner * outer);
  const after = inScratch(positions * longestOf(parts) * inner);
  const block = g.channels * g.outChannels;
  backend.scratch(4 * positions * inner * outer, 'a filter for tiles', (weights) => {
    const byWeights = { total: block, elements: positions * inner * outer, multiple: VECTOR };
    kernelInRanges(backend, `winograd_filter_${taps}`, byWeights, ({ first, count }) => [
      ...[filter, weights, g.filterHeight, g.strideHeight, block, Number(turned)],
      ...[first, count],
    ]);
    backend.inParts(bytesPerTile * longestOf(parts), 'a convolution', (work) => {
      for (const chunks of parts) {
        work.part((part) => {
          for (const chunk of chunks) {
            const { first, count } = chunk;
            const source = work.integersFor(tilingIntegers(from, chunk));
            part.kernel(`winograd_input_${taps}`, input, inScratch(0), source, first, count);
            part.multiply(
              { pointer: inScratch(0), shape: [positions, count, inner] },
              {
                pointer: weights,
                shape: [positions, ...(turned ? [outer, inner] : [inner, outer])],
                transposed: turned,
              },
              { pointer: after, shape: [positions, count, outer] },
            );
            const target = work.integersFor(tilingIntegers(to, chunk));
            part.kernel(`winograd_output_${taps}`, after, output, target, first, count, bias, activation, slope);
          }
        });
      }
    });
  });
}

/** The gradient by the filter: the adjoint of the convolution in tiles. */
export function filterGradientWinograd(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  dy: number,
  out: number,
): void {
  const [taps, positions] = [tapsOf(g), positionsOf(g)];
  const [from, to] = [inputTiling(g), outputTiling(g)];
  const [inner, outer] = [from.planes ** 2 * g.channels, g.outChannels];
  const bytesPerTile = 4 * positions * (inner + outer);
  const sumSize = positions * inner * outer;
  const tiles = g.batch * to.rows * to.columns;
  const pieces = partsFor(backend, multiplications(g), 4 * sumSize);
  const parts = tilesInParts(tiles, pieces, bytesPerTile, 4 * sumSize);
  const after = inScratch(positions * longestOf(parts) * inner);
  const block = g.channels * g.outChannels;
  backend.scratch(4 * sumSize * parts.length, 'sums of a filter gradient', (sums) => {
    backend.inParts(bytesPerTile * longestOf(parts), 'a filter gradient', (work) => {
      for (const [index, chunks] of parts.entries()) {
        const sum = { pointer: sums + 4 * sumSize * index, shape: [positions, inner, outer] };
        work.part((part) => {
          for (const chunk of chunks) {
            const { first, count } = chunk;
            const source = work.integersFor(tilingIntegers(from, chunk));
            part.kernel(`winograd_input_${taps}`, image, inScratch(0), source, first, count);
            const target = work.integersFor(tilingIntegers(to, chunk));
            part.kernel(`winograd_gradient_${taps}`, dy, after, target, first, count);
            part.addTransposedProduct(
              { pointer: inScratch(0), shape: [positions, count, inner] },
              { pointer: after, shape: [positions, count, outer] },
              sum,
              chunk !== chunks[0],
            );
          }
        });
      }
    });
    const byWeights = { total: block, elements: sumSize * parts.length, multiple: VECTOR };
    kernelInRanges(backend, `winograd_filter_gradient_${taps}`, byWeights, ({ first, count }) => [
      ...[sums, out, g.filterHeight, g.strideHeight, block, parts.length],
      ...[first, count],
    ]);
  });
}
