import type { Generator } from '@gankit/core';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dcganDiscriminator } from '../dcgan.ts';
import { generatorFromLayers } from '../generator-from-layers.ts';
import { countFlops } from './count-flops.ts';
import { traceKernels } from './kernel-trace.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

function flopsOfLayers(...layers: tf.layers.Layer[]): number {
  const generator = generatorFromLayers(tf.sequential({ layers }));
  const { total, uncounted } = countFlops(generator);
  generator.dispose();
  expect(uncounted).toEqual([]);
  return total;
}

function plain(latentShape: number[], outputShape: number[], generate: (latent: tf.Tensor) => tf.Tensor): Generator {
  return { name: 'plain', latentShape, outputShape, variables: [], generate, dispose: () => {} };
}

test('dense: 2 x inputs x outputs and one for each bias and activation', () => {
  expect(flopsOfLayers(tf.layers.dense({ units: 7, inputShape: [5] }))).toBe(2 * 5 * 7 + 7);
  expect(flopsOfLayers(tf.layers.dense({ units: 7, inputShape: [5], useBias: false, activation: 'relu' }))).toBe(
    2 * 5 * 7 + 7,
  );
});

test('convolution: 2 x output size x what each output sums over', () => {
  const layer = tf.layers.conv2d({
    filters: 6,
    kernelSize: [3, 5],
    strides: 2,
    padding: 'same',
    inputShape: [8, 9, 4],
  });
  const outputs = 4 * 5 * 6;
  expect(flopsOfLayers(layer)).toBe(2 * outputs * 3 * 5 * 4 + outputs);
});

test('transposed convolution: 2 x input size x what each input is spread over', () => {
  const options = { filters: 3, kernelSize: 4, strides: 2, padding: 'same', inputShape: [5, 6, 8] } as const;
  const layer = tf.layers.conv2dTranspose({ ...options, useBias: false, inputShape: [...options.inputShape] });
  expect(flopsOfLayers(layer)).toBe(2 * (5 * 6 * 8) * (4 * 4 * 3));
});

test('depthwise convolution, pooling, softmax, reductions', () => {
  const depthwise = tf.layers.depthwiseConv2d({
    kernelSize: 3,
    padding: 'same',
    useBias: false,
    inputShape: [6, 6, 4],
  });
  expect(flopsOfLayers(depthwise)).toBe(2 * 6 * 6 * 4 * 9);
  expect(flopsOfLayers(tf.layers.averagePooling2d({ poolSize: 2, strides: 2, inputShape: [6, 6, 4] }))).toBe(
    3 * 3 * 4 * 4,
  );
  expect(countFlops(plain([10], [10], (x) => tf.softmax(x))).total).toBe(5 * 10);
  expect(countFlops(plain([4, 5], [4], (x) => x.sum(2))).total).toBe(4 * 5);
});

test('a plain function: what only moves values is free, and kernels are told apart', () => {
  const generator = plain([4, 6], [6, 4], (x) =>
    tf.tidy(() => tf.einsum('bij,bkj->bik', x, x).concat(x, 2).transpose([0, 2, 1]).add(1)),
  );
  expect(countFlops(generator)).toEqual({
    total: 2 * 4 * 4 * 6 + 4 * 10,
    kernels: expect.objectContaining({ Add: 4 * 10 }),
    uncounted: [],
  });
});

test('a kernel without a rule is named, not guessed', () => {
  const generator = plain([4], [4], (x) => tf.tidy(() => tf.topk(x, 4).values));
  expect(countFlops(generator)).toEqual({ total: 0, kernels: {}, uncounted: ['TopK'] });
});

test('a discriminator', () => {
  const discriminator = dcganDiscriminator({ inputShape: [16, 16, 1], width: 4, random: new RandomStream(1) });
  const down0 = 2 * 8 * 8 * 4 * (16 * 1) + 2 * 8 * 8 * 4;
  const down1 = 2 * 4 * 4 * 8 * (16 * 4) + 2 * 4 * 4 * 8;
  expect(countFlops(discriminator).total).toBe(down0 + down1 + 2 * (4 * 4 * 8) + 1);
  discriminator.dispose();
});

test('the engine is left as it was, also when the computation throws', () => {
  const before = Object.getOwnPropertyDescriptor(tf.engine(), 'runKernel');
  const seen: string[] = [];
  const failing = () =>
    tf.tidy(() => {
      tf.tanh(tf.ones([2]));
      throw new Error('on purpose');
    });
  expect(() => traceKernels(failing, ({ name }) => seen.push(name))).toThrow('on purpose');
  expect(seen).toEqual(['Tanh']);
  expect(Object.getOwnPropertyDescriptor(tf.engine(), 'runKernel')).toEqual(before);
});
