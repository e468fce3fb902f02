/** Rearrangements that networks for images are made with: mirrored borders, channels that become pixels, slices with steps. */

import * as tf from '@tensorflow/tfjs';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { copyStrided, isMovable, type Movable, stridesOf } from './strided.ts';

/** A run of places along one axis: as it is, or read backwards. */
interface Run {
  length: number;
  source: number;
  step: 1 | -1;
  target: number;
}

function mirrorPad(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const paddings = call.attrs['paddings'] as [number, number][];
  if (!isMovable(x) || sizeOf(x.shape) === 0) return undefined;
  const { backend } = call;
  // `symmetric` repeats the border itself, `reflect` does not.
  const repeat = call.attrs['mode'] === 'reflect' ? 0 : 1;
  const shape = x.shape.map((length, axis) => {
    const [before, after] = paddings[axis] as [number, number];
    return before + length + after;
  });
  const runs = x.shape.map((length, axis): Run[] => {
    const [before, after] = paddings[axis] as [number, number];
    const all: Run[] = [
      { length: before, source: before - repeat, step: -1, target: 0 },
      { length, source: 0, step: 1, target: before },
      { length: after, source: length - 2 + repeat, step: -1, target: before + length },
    ];
    return all.filter((run) => run.length > 0);
  });
  const out = backend.reserve(shape, x.dtype as Movable);
  const [from, to] = [backend.pointer(x), backend.pointer(out)];
  const [source, target] = [stridesOf(x.shape), stridesOf(shape)];
  const copy = (box: Run[]): void => {
    const axes = runs[box.length];
    if (axes !== undefined) {
      for (const run of axes) copy([...box, run]);
      return;
    }
    const offset = (strides: number[], place: (run: Run) => number) =>
      box.reduce((sum, run, axis) => sum + place(run) * (strides[axis] as number), 0);
    copyStrided(
      backend,
      x.dtype,
      box.map(({ length }) => length),
      {
        pointer: from,
        offset: offset(source, (run) => run.source),
        strides: source.map((stride, axis) => stride * (box[axis] as Run).step),
      },
      { pointer: to, offset: offset(target, (run) => run.target), strides: target },
    );
  };
  copy([]);
  return out;
}

function depthToSpace(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const { blockSize, dataFormat } = call.attrs;
  if (x.dtype !== 'float32' || dataFormat !== 'NHWC') return undefined;
  const [batch, height, width, depth] = x.shape as [number, number, number, number];
  const block = blockSize as number;
  const channels = depth / block ** 2;
  const { backend } = call;
  const out = backend.reserve([batch, height * block, width * block, channels], 'float32');
  const row = width * block * channels;
  // [batch, height, width, block row, block column, channel]
  copyStrided(
    backend,
    'float32',
    [batch, height, width, block, block, channels],
    {
      pointer: backend.pointer(x),
      offset: 0,
      strides: [height * width * depth, width * depth, depth, block * channels, channels, 1],
    },
    {
      pointer: backend.pointer(out),
      offset: 0,
      strides: [height * block * row, block * row, block * channels, row, channels, 1],
    },
  );
  return out;
}

function stridedSlice(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isMovable(x)) return undefined;
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = call.attrs as Record<
    string,
    number[] & number
  >;
  const info = tf.slice_util.sliceInfo(
    x.shape,
    begin as number[],
    end as number[],
    strides as number[],
    beginMask as number,
    endMask as number,
    ellipsisMask as number,
    newAxisMask as number,
    shrinkAxisMask as number,
  );
  const { backend } = call;
  if (info.isIdentity) return backend.alias(x, info.finalShape);
  const lengths = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  if (sizeOf(lengths) !== sizeOf(info.finalShape)) return undefined;
  const out = backend.reserve(info.finalShape, x.dtype as Movable);
  const steps = stridesOf(x.shape);
  copyStrided(
    backend,
    x.dtype,
    lengths,
    {
      pointer: backend.pointer(x),
      offset: steps.reduce((sum, step, axis) => sum + step * (info.begin[axis] as number), 0),
      strides: steps.map((step, axis) => step * (info.strides[axis] as number)),
    },
    { pointer: backend.pointer(out), offset: 0, strides: stridesOf(lengths) },
  );
  return out;
}

export const rearrangedImageKernels: NativeKernel[] = [
  { name: 'MirrorPad', run: mirrorPad },
  { name: 'DepthToSpace', run: depthToSpace },
  { name: 'StridedSlice', run: stridedSlice },
];
