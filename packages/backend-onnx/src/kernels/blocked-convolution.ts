/**
 * ONNX Runtime's convolution over blocked channels (operators of the internal domain com.microsoft.nchwc): the fastest
 * there is here, but private to the runtime and dependent on the CPU. A probe finds the block width; without it other ways are taken.
 */

import type { OnnxBackend } from '../backend.ts';
import { BLOCKED, FLOAT, type Model, type Node } from '../onnx/model.ts';
import type { Operand } from '../runtime/sessions.ts';

/** Where the elements of a filter lie, tap by tap. */
export interface FilterView {
  pointer: number;
  /** Element offset of each tap, row by row of the kernel. */
  taps: number[];
  inChannels: number;
  outChannels: number;
  inStride: number;
  outStride: number;
}

export interface BlockedConvolution {
  filter: FilterView;
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  /** top, left, bottom, right */
  pads: [number, number, number, number];
  out: Operand;
}

/** Below this many multiplications the reordering costs more than it saves. */
const SMALLEST_WORK = 1 << 20;

const CHANNEL_MULTIPLE = 4;

/** Whether the blocked convolution is to be preferred for these channels and this much work. */
export function suitsBlocks(
  backend: OnnxBackend,
  inChannels: number,
  outChannels: number,
  multiplications: number,
): boolean {
  const block = backend.channelBlock;
  return (
    block > 0 &&
    inChannels >= block &&
    inChannels % CHANNEL_MULTIPLE === 0 &&
    outChannels >= block &&
    outChannels % CHANNEL_MULTIPLE === 0 &&
    multiplications >= SMALLEST_WORK
  );
}

/** Convolves one image batch [n, h, w, c] with several filters; each result is written to its `out`, [n, h', w', c']. */
export function convolveBlocked(
  backend: OnnxBackend,
  image: Operand,
  convolutions: readonly BlockedConvolution[],
  block = backend.channelBlock,
): void {
  const filters = convolutions.map(({ filter, kernel }) => {
    const inBlocked = roundUp(filter.inChannels, block);
    const outBlocked = roundUp(filter.outChannels, block);
    return { shape: [outBlocked, inBlocked, ...kernel], size: outBlocked * inBlocked * kernel[0] * kernel[1] };
  });
  const bytes = 4 * filters.reduce((sum, { size }) => sum + size, 0);
  backend.scratch(bytes, 'filters in blocked order', (pointer) => {
    let next = pointer;
    const operands = convolutions.map(({ filter }, index) => {
      const { shape, size } = filters[index] as { shape: number[]; size: number };
      const taps = backend.integers(filter.taps);
      backend.kernel('block_filter')(
        filter.pointer,
        next,
        taps,
        filter.taps.length,
        filter.inChannels,
        filter.outChannels,
        filter.inStride,
        filter.outStride,
        block,
        1,
      );
      const operand = backend.floats(next, shape);
      next += 4 * size;
      return operand;
    });
    const key = `BlockedConvolution ${JSON.stringify(
      convolutions.map(({ kernel, strides, dilations, pads, filter }) => [
        kernel,
        strides,
        dilations,
        pads,
        filter.outChannels,
      ]),
    )}`;
    backend.run(
      key,
      () => blockedModel(convolutions),
      [image, ...operands],
      convolutions.map(({ out }) => out),
    );
  });
}

function blockedModel(convolutions: readonly BlockedConvolution[]): Model {
  const outputs = convolutions.map((): typeof FLOAT => FLOAT);
  const nodes: Node[] = [
    {
      operator: 'ReorderInput',
      domain: BLOCKED,
      inputs: ['i0'],
      outputs: ['blocked'],
      attributes: { channels_last: 1 },
    },
  ];
  for (const [index, { kernel, strides, dilations, pads, filter }] of convolutions.entries()) {
    nodes.push(
      {
        operator: 'Conv',
        domain: BLOCKED,
        inputs: ['blocked', `i${index + 1}`],
        outputs: [`result${index}`],
        attributes: { kernel_shape: kernel, strides, dilations, pads, group: 1 },
      },
      {
        operator: 'ReorderOutput',
        domain: BLOCKED,
        inputs: [`result${index}`],
        outputs: [`o${index}`],
        attributes: { channels: filter.outChannels, channels_last: 1 },
      },
    );
  }
  return { inputs: [FLOAT, ...outputs], outputs, nodes };
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Block widths of the CPUs known: 16 with AVX512, 8 with AVX2 and others. */
const BLOCK_WIDTHS = [16, 8];

/**
 * Tries the block widths on a convolution whose result is known exactly, since its numbers are small integers.
 *
 * @returns the width that gives the right answer, or 0 when none does.
 */
export function probeChannelBlock(backend: OnnxBackend): number {
  const [height, width, channels, outChannels] = [5, 4, 32, 32] as const;
  const kernel: [number, number] = [3, 2];
  const [outHeight, outWidth] = [5, 3];
  const sizes = [
    height * width * channels,
    kernel[0] * kernel[1] * channels * outChannels,
    outHeight * outWidth * outChannels,
  ];
  const [imageSize, filterSize, outSize] = sizes as [number, number, number];
  const image = Float32Array.from({ length: imageSize }, (_, i) => ((i * 7) % 11) - 5);
  const filter = Float32Array.from({ length: filterSize }, (_, i) => ((i * 5) % 13) - 6);
  const expected = new Float32Array(outSize);
  for (let oh = 0; oh < outHeight; oh++) {
    for (let ow = 0; ow < outWidth; ow++) {
      for (let o = 0; o < outChannels; o++) {
        let sum = 0;
        for (let kh = 0; kh < kernel[0]; kh++) {
          const ih = oh + kh - 1;
          if (ih < 0 || ih >= height) continue;
          for (let kw = 0; kw < kernel[1]; kw++) {
            for (let c = 0; c < channels; c++) {
              const pixel = image[(ih * width + ow + kw) * channels + c] ?? 0;
              sum += pixel * (filter[((kh * kernel[1] + kw) * channels + c) * outChannels + o] ?? 0);
            }
          }
        }
        expected[(oh * outWidth + ow) * outChannels + o] = sum;
      }
    }
  }
  return backend.scratch(4 * (imageSize + filterSize + outSize), 'the probe', (pointer) => {
    const buffer = backend.heap.buffer;
    new Float32Array(buffer, pointer, imageSize).set(image);
    const filterPointer = pointer + 4 * imageSize;
    new Float32Array(buffer, filterPointer, filterSize).set(filter);
    const outPointer = filterPointer + 4 * filterSize;
    const result = new Float32Array(buffer, outPointer, outSize);
    const works = (block: number): boolean => {
      result.fill(Number.NaN);
      try {
        convolveBlocked(
          backend,
          backend.floats(pointer, [1, height, width, channels]),
          [
            {
              filter: {
                pointer: filterPointer,
                taps: Array.from({ length: kernel[0] * kernel[1] }, (_, tap) => tap * channels * outChannels),
                inChannels: channels,
                outChannels,
                inStride: outChannels,
                outStride: 1,
              },
              kernel,
              strides: [1, 1],
              dilations: [1, 1],
              pads: [1, 0, 1, 0],
              out: backend.floats(outPointer, [1, outHeight, outWidth, outChannels]),
            },
          ],
          block,
        );
      } catch {
        return false;
      }
      return result.every((value, index) => value === expected[index]);
    };
    return BLOCK_WIDTHS.find(works) ?? 0;
  });
}
