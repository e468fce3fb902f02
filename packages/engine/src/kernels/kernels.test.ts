import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from './index.ts';

type Named = Record<string, tf.Tensor>;
type Make = () => Named;

/** Runs a kernel by name and returns its values; everything made on the way is disposed. */
async function onBackend(backendName: string, kernel: string, make: Make, attrs: object): Promise<number[]> {
  await tf.setBackend(backendName);
  const before = tf.memory().numTensors;
  const output = tf.tidy(() => tf.engine().runKernel(kernel, make(), attrs as tf.NamedAttrMap) as tf.Tensor);
  expect(tf.memory().numTensors, `${kernel} leaks on ${backendName}`).toBe(before + 1);
  const values = [...output.dataSync()];
  output.dispose();
  return values;
}

/** The largest difference between a kernel on cpu and on wasm. */
async function difference(kernel: string, make: Make, attrs: object): Promise<number> {
  const cpu = await onBackend('cpu', kernel, make, attrs);
  const wasm = await onBackend('wasm', kernel, make, attrs);
  expect(wasm).toHaveLength(cpu.length);
  return Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!)));
}

const random = (shape: readonly number[], seed: number) => tf.randomNormal([...shape], 0, 1, 'float32', seed);

beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.setBackend('cpu');
  registerKernels();
});

describe('registerKernels', () => {
  it('is idempotent', () => expect(registerKernels()).toEqual([]));
});

const windows: { size: number; strides: number; pad: 'same' | 'valid' | number }[] = [
  { size: 1, strides: 1, pad: 'valid' },
  { size: 3, strides: 1, pad: 'same' },
  { size: 4, strides: 2, pad: 'same' },
  { size: 5, strides: 2, pad: 'same' },
  { size: 3, strides: 2, pad: 'valid' },
  { size: 4, strides: 3, pad: 'valid' },
  { size: 2, strides: 3, pad: 'same' },
  { size: 1, strides: 2, pad: 'same' },
  { size: 5, strides: 2, pad: 2 },
];
const shape: [number, number, number, number] = [2, 7, 8, 3];

describe.each(windows)('wasm equals cpu, window $size, stride $strides, pad $pad', ({ size, strides, pad }) => {
  const filterShape: [number, number, number, number] = [size, size, 3, 5];
  const dyShape = tf.backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad).outShape;
  const dy = () => random(dyShape, 2);

  it('Conv2DBackpropFilter', async () => {
    const attrs = { strides: [strides, strides], pad, dataFormat: 'NHWC', filterShape };
    expect(await difference('Conv2DBackpropFilter', () => ({ x: random(shape, 1), dy: dy() }), attrs)).toBeLessThan(
      2e-5,
    );
  });

  it('Conv2DBackpropInput', async () => {
    const attrs = { strides: [strides, strides], pad, dataFormat: 'NHWC', inputShape: shape };
    const make = () => ({ filter: random(filterShape, 1), dy: dy() });
    expect(await difference('Conv2DBackpropInput', make, attrs)).toBeLessThan(2e-5);
  });

  it.each([1, 2])('depthwise backprop, channel multiplier %i', async (multiplier) => {
    const depthwise: [number, number, number, number] = [size, size, 3, multiplier];
    const info = tf.backend_util.computeConv2DInfo(shape, depthwise, strides, 1, pad, undefined, true);
    const attrs = { strides, pad, dilations: 1 };
    const input = await difference(
      'DepthwiseConv2dNativeBackpropInput',
      () => ({ filter: random(depthwise, 1), dy: random(info.outShape, 2) }),
      { ...attrs, inputShape: shape },
    );
    const filter = await difference(
      'DepthwiseConv2dNativeBackpropFilter',
      () => ({ x: random(shape, 1), dy: random(info.outShape, 2) }),
      { ...attrs, filterShape: depthwise },
    );
    expect(Math.max(input, filter)).toBeLessThan(2e-5);
  });
});

describe('wasm equals cpu', () => {
  const images: [number, number, number, number][] = [
    [2, 4, 4, 1],
    [1, 8, 8, 3],
    [2, 7, 5, 3],
  ];
  it.each(images)('MaxPoolGrad of [%i, %i, %i, %i]', async (...image) => {
    for (const [filterSize, strides, pad] of [
      [2, 2, 'valid'],
      [3, 2, 'same'],
      [3, 1, 'same'],
    ] as const) {
      const { outShape } = tf.backend_util.computePool2DInfo(image, filterSize, strides, 1, pad);
      const make = () => {
        const input = random(image, 4) as tf.Tensor4D;
        return { input, output: tf.maxPool(input, filterSize, strides, pad), dy: random(outShape, 2) };
      };
      expect(await difference('MaxPoolGrad', make, { filterSize, strides, pad })).toBeLessThan(2e-6);
    }
  });

  it.each([
    ['same', 1],
    ['same', 2],
    ['valid', 1],
    ['valid', 2],
  ] as const)('3-D convolution backprop, %s, stride %i', async (pad, strides) => {
    const input: [number, number, number, number, number] = [2, 4, 5, 6, 2];
    const filterShape: [number, number, number, number, number] = [3, 3, 3, 2, 3];
    const { outShape } = tf.backend_util.computeConv3DInfo(input, filterShape, strides, 1, pad);
    const toInput = () => ({ filter: random(filterShape, 1), dy: random(outShape, 2) });
    const toFilter = () => ({ x: random(input, 1), dy: random(outShape, 2) });
    expect(await difference('Conv3DBackpropInputV2', toInput, { strides, pad, inputShape: input })).toBeLessThan(2e-5);
    expect(await difference('Conv3DBackpropFilterV2', toFilter, { strides, pad, filterShape })).toBeLessThan(4e-5);
  });

  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('BatchMatMul, transposeA %s, transposeB %s, batches broadcast', async (transposeA, transposeB) => {
    for (const [rows, inner, columns] of [
      [3, 4, 5],
      [33, 30, 31],
    ] as const) {
      for (const [aBatch, bBatch] of [
        [[1], [1]],
        [[2], [2]],
        [
          [1, 2],
          [3, 1],
        ],
      ] as const) {
        const a = [...aBatch, ...(transposeA ? [inner, rows] : [rows, inner])];
        const b = [...bBatch, ...(transposeB ? [columns, inner] : [inner, columns])];
        const make = () => ({ a: random(a, 1), b: random(b, 2) });
        expect(await difference('BatchMatMul', make, { transposeA, transposeB })).toBeLessThan(2e-5);
      }
    }
  });

  it.each([
    [
      [0, 1, 1, 0],
      [16, 2, 3, 32],
    ],
    [
      [2, 0, 0, 0],
      [3, 14, 14, 64],
    ],
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
    [
      [1, 2, 3, 4],
      [1, 1, 1, 1],
    ],
    [
      [0, 0, 5, 0],
      [16, 14, 2, 64],
    ],
  ])('Slice at %j of size %j', async (begin, size) => {
    expect(await difference('Slice', () => ({ x: random([16, 14, 14, 64], 3) }), { begin, size })).toBe(0);
  });

  it('DepthToSpace', async () => {
    const make = () => ({ x: random([2, 3, 4, 18], 1) });
    expect(await difference('DepthToSpace', make, { blockSize: 3, dataFormat: 'NHWC' })).toBe(0);
  });
});

describe.each(['cpu', 'wasm'])('UnsortedSegmentSum on %s', (backendName) => {
  it('adds rows by segment and drops those of no segment', async () => {
    const make = () => ({
      x: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 2]),
      segmentIds: tf.tensor1d([2, 0, 2, -1, 7], 'int32'),
    });
    expect(await onBackend(backendName, 'UnsortedSegmentSum', make, { numSegments: 3 })).toEqual([3, 4, 0, 0, 6, 8]);
  });
});
