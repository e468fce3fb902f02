/** The gradient of a 2-D convolution by its input; forward, it is the transposed convolution. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { inScratch } from '../threads/work.ts';
import { type BlockedConvolution, convolveBlocked, suitsBlocks } from './blocked-convolution.ts';
import { convolvePatches } from './conv2d.ts';
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
import { kernelInRanges, partsFor } from './ranges.ts';
import { convolveTransposedWinograd } from './winograd.ts';
import { suitsWinograd } from './winograd-tiling.ts';

/** With so many times fewer gradient than image channels, patches of the gradient are cheaper than adding patches up. */
const FEW_CHANNELS_RATIO = 4;

function run(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const filter = input(call, 'filter');
  if (!isFloat(dy, filter)) return undefined;
  const shape = call.attrs['inputShape'] as number[];
  const g = convolutionGeometry(call, shape, filter.shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  if (dy.shape[1] !== g.outHeight || dy.shape[2] !== g.outWidth || dy.shape[3] !== g.outChannels) return undefined;
  const dx = backend.reserve(shape, 'float32');
  const [gradient, weights, result] = [backend.pointer(dy), backend.pointer(filter), backend.pointer(dx)];
  if (isPointwise(g)) {
    const rows = g.batch * g.height * g.width;
    matMul(
      backend,
      backend.floats(gradient, [rows, g.outChannels]),
      backend.floats(weights, [g.channels, g.outChannels]),
      backend.floats(result, [rows, g.channels]),
      false,
      true,
    );
    return dx;
  }
  if (suitsWinograd(backend, g, 'convolution')) {
    convolveTransposedWinograd(backend, g, gradient, weights, result);
    return dx;
  }
  if (suitsBlocks(backend, g.outChannels, g.channels, multiplications(g))) {
    const phases = planPhases(g);
    if (phases !== undefined) {
      convolvePhases(backend, g, phases, backend.operand(dy), weights, result);
      return dx;
    }
  }
  if (g.strideHeight === 1 && g.strideWidth === 1 && g.outChannels * FEW_CHANNELS_RATIO <= g.channels) {
    convolveFlipped(backend, g, gradient, weights, result);
  } else {
    addUpPatches(backend, g, gradient, weights, result);
  }
  return dx;
}

/** The matrix product gives each output pixel's patch of the image; patches are added where they overlap. */
function addUpPatches(backend: OnnxBackend, g: ConvolutionGeometry, dy: number, filter: number, dx: number): void {
  const size = patchSize(g);
  const pixels = g.outHeight * g.outWidth;
  const imageBytes = 4 * pixels * size;
  const filterBytes = 4 * size * g.outChannels;
  const parts = chunksOfParts(g.batch, imageBytes, filterBytes, partsFor(backend, multiplications(g)));
  backend.inParts(longestOf(parts) * imageBytes, 'a convolution gradient', (work) => {
    const geometry = work.integersFor(geometryIntegers(g));
    for (const chunks of parts) {
      work.part((part) => {
        for (const { first, count } of chunks) {
          part.multiply(
            { pointer: dy + 4 * first * pixels * g.outChannels, shape: [count * pixels, g.outChannels] },
            { pointer: filter, shape: [size, g.outChannels], transposed: true },
            { pointer: inScratch(0), shape: [count * pixels, size] },
          );
          part.kernel('add_patches', inScratch(0), dx, geometry, first, count);
        }
      });
    }
  });
}

/** For stride 1: a convolution of dy with the filter turned by 180 degrees and its channels swapped. */
function convolveFlipped(backend: OnnxBackend, g: ConvolutionGeometry, dy: number, filter: number, dx: number): void {
  const taps = g.filterHeight * g.filterWidth;
  const tapSize = g.channels * g.outChannels;
  backend.scratch(4 * taps * tapSize, 'a flipped filter', (flipped) => {
    // [tap, channel, out] -> [last tap - tap, out, channel]
    const parameters = backend.integers([
      ...[taps, g.outChannels, g.channels],
      ...[-tapSize, 1, g.outChannels],
      ...[tapSize, g.channels, 1],
    ]);
    const lastTap = filter + 4 * (taps - 1) * tapSize;
    backend.kernel('strided_copy')(lastTap, flipped, 3, parameters, parameters + 12, parameters + 24);
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
    convolvePatches(backend, adjoint, dy, flipped, dx);
  });
}

/** One axis of a phase: the pixels first, first + stride, ... of the image see only every stride-th tap. */
interface AxisPhase {
  first: number;
  count: number;
  taps: number[];
  padBefore: number;
  padAfter: number;
}

function planAxis(length: number, out: number, filter: number, stride: number, pad: number): AxisPhase[] | undefined {
  const phases: AxisPhase[] = [];
  for (let first = 0; first < Math.min(stride, length); first++) {
    const firstTap = (first + pad) % stride;
    const tapCount = Math.ceil((filter - firstTap) / stride);
    const count = Math.ceil((length - first) / stride);
    const padBefore = tapCount - 1 - (first + pad - firstTap) / stride;
    const padAfter = count + tapCount - 1 - padBefore - out;
    if (tapCount <= 0 || padBefore < 0 || padAfter < 0) return undefined;
    // Turned around, since the gradient runs against the taps.
    const taps = Array.from({ length: tapCount }, (_, index) => firstTap + stride * (tapCount - 1 - index));
    phases.push({ first, count, taps, padBefore, padAfter });
  }
  return phases;
}

interface Phases {
  rows: AxisPhase[];
  columns: AxisPhase[];
}

/** A transposed convolution of stride s as s x s dense convolutions; nothing where a phase sees no tap or skips gradients. */
function planPhases(g: ConvolutionGeometry): Phases | undefined {
  if (g.dilationHeight !== 1 || g.dilationWidth !== 1) return undefined;
  const rows = planAxis(g.height, g.outHeight, g.filterHeight, g.strideHeight, g.padTop);
  const columns = planAxis(g.width, g.outWidth, g.filterWidth, g.strideWidth, g.padLeft);
  return rows === undefined || columns === undefined ? undefined : { rows, columns };
}

function convolvePhases(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  { rows, columns }: Phases,
  dy: { pointer: number; shape: readonly number[]; type: 1 | 6 | 7 | 9 },
  filter: number,
  dx: number,
): void {
  const single = rows.length * columns.length === 1;
  const phases = rows.flatMap((row) => columns.map((column) => ({ row, column })));
  const total = g.batch * g.height * g.width * g.channels;
  backend.scratch(single ? 0 : 4 * total, 'phases of a transposed convolution', (pointer) => {
    let next = single ? dx : pointer;
    const placed = phases.map(({ row, column }) => {
      const start = next;
      next += 4 * g.batch * row.count * column.count * g.channels;
      return start;
    });
    const convolutions = phases.map(
      ({ row, column }, index): BlockedConvolution => ({
        filter: {
          pointer: filter,
          taps: row.taps.flatMap((kh) =>
            column.taps.map((kw) => (kh * g.filterWidth + kw) * g.channels * g.outChannels),
          ),
          inChannels: g.outChannels,
          outChannels: g.channels,
          inStride: 1,
          outStride: g.outChannels,
        },
        kernel: [row.taps.length, column.taps.length],
        strides: [1, 1],
        dilations: [1, 1],
        pads: [row.padBefore, column.padBefore, row.padAfter, column.padAfter],
        out: backend.floats(placed[index] as number, [g.batch, row.count, column.count, g.channels]),
      }),
    );
    convolveBlocked(backend, dy, convolutions);
    if (single) return;
    for (const [index, { row, column }] of phases.entries()) {
      const phaseSize = row.count * column.count * g.channels;
      const from = placed[index] as number;
      kernelInRanges(
        backend,
        'place_phase',
        { total: g.batch, elements: 2 * g.batch * phaseSize },
        ({ first, count }) => [
          ...[from + 4 * first * phaseSize, dx + 4 * first * g.height * g.width * g.channels, count],
          ...[row.count, column.count, g.height, g.width, g.channels],
          ...[row.first, column.first, g.strideHeight, g.strideWidth],
        ],
      );
    }
  });
}

export const conv2dBackpropInputKernel: NativeKernel = { name: 'Conv2DBackpropInput', run };
