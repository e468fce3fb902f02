/** 2-D convolution, alone and with bias and activation. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { inScratch } from '../threads/work.ts';
import { addBiasAndActivation, biasAndActivation, type Finish, isFusible } from './bias-activation.ts';
import { convolveBlocked, suitsBlocks } from './blocked-convolution.ts';
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
import { partsFor } from './ranges.ts';
import { convolveWinograd } from './winograd.ts';
import { suitsWinograd } from './winograd-tiling.ts';

/** With so many times fewer output than input channels, products at every pixel are cheaper than patches. */
const FEW_CHANNELS_RATIO = 4;

/** With `finish`, a bias and activation to apply on the way; it is told whether they were. */
function convolution(call: KernelCall, finish?: { wanted: Finish; done: boolean }): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const filter = input(call, 'filter');
  if (!isFloat(x, filter)) return undefined;
  const g = convolutionGeometry(call, x.shape, filter.shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve([g.batch, g.outHeight, g.outWidth, g.outChannels], 'float32');
  const [image, weights, result] = [backend.pointer(x), backend.pointer(filter), backend.pointer(out)];
  if (isPointwise(g)) {
    const rows = g.batch * g.height * g.width;
    matMul(
      backend,
      backend.floats(image, [rows, g.channels]),
      backend.floats(weights, [g.channels, g.outChannels]),
      backend.floats(result, [rows, g.outChannels]),
    );
  } else if (g.strideHeight === 1 && g.strideWidth === 1 && g.outChannels * FEW_CHANNELS_RATIO <= g.channels) {
    convolveToFewChannels(backend, g, image, weights, result);
  } else if (suitsWinograd(backend, g, 'convolution')) {
    convolveWinograd(backend, g, image, weights, result, finish?.wanted);
    if (finish !== undefined) finish.done = true;
  } else {
    const pads = g.channels === 0 ? undefined : exactPads(g);
    if (pads !== undefined && suitsBlocks(backend, g.channels, g.outChannels, multiplications(g))) {
      const taps = Array.from({ length: g.filterHeight * g.filterWidth }, (_, tap) => tap * g.channels * g.outChannels);
      convolveBlocked(backend, backend.operand(x), [
        {
          filter: {
            pointer: weights,
            taps,
            inChannels: g.channels,
            outChannels: g.outChannels,
            inStride: g.outChannels,
            outStride: 1,
          },
          kernel: [g.filterHeight, g.filterWidth],
          strides: [g.strideHeight, g.strideWidth],
          dilations: [g.dilationHeight, g.dilationWidth],
          pads,
          out: backend.operand(out),
        },
      ]);
    } else {
      convolvePatches(backend, g, image, weights, result);
    }
  }
  return out;
}

/** Top, left, bottom and right padding that give exactly the output's size, if there are such. */
function exactPads(g: ConvolutionGeometry): [number, number, number, number] | undefined {
  const after = (length: number, out: number, stride: number, taps: number, dilation: number, before: number) => {
    const span = (taps - 1) * dilation + 1;
    const pad = Math.max(0, (out - 1) * stride + span - length - before);
    return Math.floor((length + before + pad - span) / stride) + 1 === out ? pad : undefined;
  };
  const bottom = after(g.height, g.outHeight, g.strideHeight, g.filterHeight, g.dilationHeight, g.padTop);
  const right = after(g.width, g.outWidth, g.strideWidth, g.filterWidth, g.dilationWidth, g.padLeft);
  return bottom === undefined || right === undefined ? undefined : [g.padTop, g.padLeft, bottom, right];
}

/** Patches of some rows at a time, multiplied by the filter as a matrix. */
export function convolvePatches(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  filter: number,
  out: number,
): void {
  const size = patchSize(g);
  const rowBytes = 4 * g.outWidth * size;
  const parts = chunksOfParts(
    g.batch * g.outHeight,
    rowBytes,
    4 * size * g.outChannels,
    partsFor(backend, multiplications(g)),
  );
  backend.inParts(longestOf(parts) * rowBytes, 'a convolution', (work) => {
    const geometry = work.integersFor(geometryIntegers(g));
    for (const chunks of parts) {
      work.part((part) => {
        for (const { first, count } of chunks) {
          part.kernel('patches', image, inScratch(0), geometry, first, count);
          const rows = count * g.outWidth;
          part.multiply(
            { pointer: inScratch(0), shape: [rows, size] },
            { pointer: filter, shape: [size, g.outChannels] },
            { pointer: out + 4 * first * g.outWidth * g.outChannels, shape: [rows, g.outChannels] },
          );
        }
      });
    }
  });
}

/** Every pixel times every tap of the filter, then sums over shifted pixels. */
function convolveToFewChannels(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  filter: number,
  out: number,
): void {
  const taps = g.filterHeight * g.filterWidth;
  const columns = taps * g.outChannels;
  const pixels = g.height * g.width;
  const outSize = g.outHeight * g.outWidth * g.outChannels;
  const parts = chunksOfParts(g.batch, 4 * pixels * columns, 0, partsFor(backend, multiplications(g)));
  backend.scratch(4 * g.channels * columns, 'a transposed filter', (transposed) => {
    // [tap, channel, out] -> [channel, tap, out]
    const dims = [g.channels, taps, g.outChannels];
    const from = [g.outChannels, g.channels * g.outChannels, 1];
    const to = [columns, g.outChannels, 1];
    const parameters = backend.integers([...dims, ...from, ...to]);
    backend.kernel('strided_copy')(filter, transposed, 3, parameters, parameters + 12, parameters + 24);
    backend.inParts(longestOf(parts) * 4 * pixels * columns, 'a convolution', (work) => {
      const geometry = work.integersFor(geometryIntegers(g));
      for (const chunks of parts) {
        work.part((part) => {
          for (const { first, count } of chunks) {
            part.multiply(
              { pointer: image + 4 * first * pixels * g.channels, shape: [count * pixels, g.channels] },
              { pointer: transposed, shape: [g.channels, columns] },
              { pointer: inScratch(0), shape: [count * pixels, columns] },
            );
            part.kernel('sum_shifted', inScratch(0), out + 4 * first * outSize, geometry, g.outChannels, count);
          }
        });
      }
    });
  });
}

export const conv2dKernels: NativeKernel[] = [
  { name: 'Conv2D', run: convolution },
  {
    name: 'FusedConv2D',
    run: (call) => {
      if (!isFusible(call)) return undefined;
      const wanted = biasAndActivation(call, input(call, 'filter').shape[3] ?? 0);
      const finish = wanted === undefined ? undefined : { wanted, done: false };
      const out = convolution(call, finish);
      return out === undefined || finish?.done ? out : addBiasAndActivation(call, out);
    },
  },
];
