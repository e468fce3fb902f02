/** The gradient of a 2-D convolution by its filter: patches of the image, transposed, times the output's gradient, or tiles. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { inScratch, type Matrix, type Part, type Work } from '../threads/work.ts';
import {
  type ConvolutionGeometry,
  chunksOfParts,
  convolutionGeometry,
  geometryIntegers,
  isPointwise,
  longestOf,
  multiplications,
  patchSize,
} from './conv2d-geometry.ts';
import { matMul } from './mat-mul.ts';
import { input, isFloat, type KernelCall, type NativeKernel } from './native-kernel.ts';
import { kernelInRanges, partsFor, type Range } from './ranges.ts';
import { filterGradientWinograd } from './winograd.ts';
import { suitsWinograd } from './winograd-tiling.ts';

/** With so many times fewer output than input channels, patches of the gradient are cheaper than those of the image. */
const FEW_CHANNELS_RATIO = 4;

function run(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const dy = input(call, 'dy');
  if (!isFloat(x, dy)) return undefined;
  const shape = call.attrs['filterShape'] as number[];
  const g = convolutionGeometry(call, x.shape, shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve(shape, 'float32');
  const [image, gradient, result] = [backend.pointer(x), backend.pointer(dy), backend.pointer(out)];
  if (isPointwise(g)) {
    const rows = g.batch * g.height * g.width;
    matMul(
      backend,
      backend.floats(image, [rows, g.channels]),
      backend.floats(gradient, [rows, g.outChannels]),
      backend.floats(result, [g.channels, g.outChannels]),
      true,
    );
  } else if (g.strideHeight === 1 && g.strideWidth === 1 && g.outChannels * FEW_CHANNELS_RATIO <= g.channels) {
    fromGradientPatches(backend, g, image, gradient, result);
  } else if (suitsWinograd(backend, g, 'filterGradient')) {
    filterGradientWinograd(backend, g, image, gradient, result);
  } else {
    fromImagePatches(backend, g, image, gradient, result);
  }
  return out;
}

/** Patches of the image, transposed, times the gradient. */
function fromImagePatches(backend: OnnxBackend, g: ConvolutionGeometry, image: number, dy: number, out: number): void {
  const size = patchSize(g);
  const rowBytes = 4 * g.outWidth * size;
  const rows = { rows: g.batch * g.outHeight, rowBytes, work: multiplications(g) };
  sumOfParts(backend, rows, [size, g.outChannels], out, (work) => {
    const geometry = work.integersFor(geometryIntegers(g));
    return (part, { first, count }) => {
      part.kernel('patches', image, inScratch(0), geometry, first, count);
      const rows = count * g.outWidth;
      return [
        { pointer: inScratch(0), shape: [rows, size] },
        { pointer: dy + 4 * first * g.outWidth * g.outChannels, shape: [rows, g.outChannels] },
      ];
    };
  });
}

/** For stride 1: the image, transposed, times patches of the gradient; these run over the taps in reverse. */
function fromGradientPatches(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  dy: number,
  out: number,
): void {
  const taps = g.filterHeight * g.filterWidth;
  const columns = taps * g.outChannels;
  const adjoint: ConvolutionGeometry = {
    ...g,
    height: g.outHeight,
    width: g.outWidth,
    channels: g.outChannels,
    outHeight: g.height,
    outWidth: g.width,
    outChannels: g.channels,
    padTop: (g.filterHeight - 1) * g.dilationHeight - g.padTop,
    padLeft: (g.filterWidth - 1) * g.dilationWidth - g.padLeft,
  };
  backend.scratch(4 * g.channels * columns, 'a reversed filter gradient', (reversed) => {
    const rows = { rows: g.batch * g.height, rowBytes: 4 * g.width * columns, work: multiplications(g) };
    sumOfParts(backend, rows, [g.channels, columns], reversed, (work) => {
      const geometry = work.integersFor(geometryIntegers(adjoint));
      return (part, { first, count }) => {
        part.kernel('patches', dy, inScratch(0), geometry, first, count);
        const rows = count * g.width;
        return [
          { pointer: image + 4 * first * g.width * g.channels, shape: [rows, g.channels] },
          { pointer: inScratch(0), shape: [rows, columns] },
        ];
      };
    });
    // [channel, last tap - tap, out] -> [tap, channel, out]
    const parameters = backend.integers([
      ...[taps, g.channels, g.outChannels],
      ...[-g.outChannels, columns, 1],
      ...[g.channels * g.outChannels, g.outChannels, 1],
    ]);
    const last = reversed + 4 * (taps - 1) * g.outChannels;
    backend.kernel('strided_copy')(last, out, 3, parameters, parameters + 12, parameters + 24);
  });
}

type Factors = [a: Matrix, b: Matrix];

/**
 * out = the sum over all rows, `work` multiplications, of transposed a x b. `prepare` makes what writes the factors of some rows, the patches among them in the
 * scratch memory. Parts add up for themselves, then their sums are added in order.
 */
function sumOfParts(
  backend: OnnxBackend,
  { rows, rowBytes, work }: { rows: number; rowBytes: number; work: number },
  shape: [number, number],
  out: number,
  prepare: (work: Work) => (part: Part, rows: Range) => Factors,
): void {
  const size = shape[0] * shape[1];
  const parts = chunksOfParts(rows, rowBytes, 4 * size, partsFor(backend, work, 4 * size));
  backend.scratch(4 * size * (parts.length - 1), 'sums of a filter gradient', (sums) => {
    backend.inParts(longestOf(parts) * rowBytes, 'a filter gradient', (work) => {
      const factorsOf = prepare(work);
      for (const [index, chunks] of parts.entries()) {
        const sum = { pointer: index === 0 ? out : sums + 4 * size * (index - 1), shape };
        work.part((part) => {
          for (const chunk of chunks) part.addTransposedProduct(...factorsOf(part, chunk), sum, chunk !== chunks[0]);
        });
      }
    });
    if (parts.length === 1) return;
    kernelInRanges(backend, 'add_up', { total: size, elements: size * parts.length }, ({ first, count }) => [
      ...[sums + 4 * first, out + 4 * first, count],
      ...[parts.length - 1, size],
    ]);
  });
}

export const conv2dBackpropFilterKernel: NativeKernel = { name: 'Conv2DBackpropFilter', run };
