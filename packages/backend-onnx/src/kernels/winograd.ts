/**
 * Convolution in tiles of 4x4 outputs by Winograd's minimal filtering: for a 3x3 filter 36 multiplications instead of 144, for
 * 4x4 with stride 2 (four planes of 2x2) 100 instead of 256. Its rounding errors are two to four times those of plain sums.
 * Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks".
 */

import type { OnnxBackend } from '../backend.ts';
import { inScratch } from '../threads/work.ts';
import type { Finish } from './bias-activation.ts';
import { type ConvolutionGeometry, longestOf, multiplications } from './conv2d-geometry.ts';
import { kernelInRanges, partsFor } from './ranges.ts';
import {
  inputTiling,
  outputTiling,
  positionsOf,
  type Tiling,
  tapsOf,
  tilesInParts,
  tilingIntegers,
  transposedTilings,
  VECTOR,
} from './winograd-tiling.ts';

const NOTHING: Finish = { bias: 0, activation: 0, slope: 0 };

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
