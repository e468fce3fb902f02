// Options that tf.layers drops: compared with what the operations underneath give.
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import './index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const images = () => tf.randomNormal([2, 7, 6, 4], 0, 1, 'float32', 3) as tf.Tensor4D;
const toFirst = (x: tf.Tensor) => tf.transpose(x, [0, 3, 1, 2]);
const biasInitializer = () => tf.initializers.randomNormal({ seed: 5 });

/** The largest difference of two tensors, which must have one shape. */
function difference(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

describe.each(['same', 'valid'] as const)('padding %s', (padding) => {
  it.each([
    [2, 2],
    [2, 1],
    [1, 3],
  ] as const)('a depthwise convolution heeds the dilation %i, %i', (...dilationRate) => {
    const x = images();
    for (const dataFormat of ['channelsLast', 'channelsFirst'] as const) {
      const rate: [number, number] = [...dilationRate];
      const options = { kernelSize: 2, dilationRate: rate, padding, dataFormat, activation: 'relu' } as const;
      const layer = tf.layers.depthwiseConv2d({ ...options, biasInitializer: biasInitializer() });
      const given = dataFormat === 'channelsLast' ? x : toFirst(x);
      const result = layer.apply(given) as tf.Tensor;
      const [kernel, bias] = layer.getWeights() as [tf.Tensor4D, tf.Tensor];
      const plain = tf.relu(tf.add(tf.depthwiseConv2d(x, kernel, 1, padding, 'NHWC', rate), bias));
      expect(difference(result, dataFormat === 'channelsLast' ? plain : toFirst(plain))).toBeLessThan(1e-6);
      expect(layer.computeOutputShape(given.shape)).toEqual(result.shape);
    }
  });

  it('a separable convolution with channels first adds its bias to the channels', () => {
    const x = images();
    const options = { filters: 3, kernelSize: 3, strides: 2, padding } as const;
    const layer = tf.layers.separableConv2d({
      ...options,
      dataFormat: 'channelsFirst',
      biasInitializer: biasInitializer(),
    });
    const result = layer.apply(toFirst(x)) as tf.Tensor;
    const [depthwise, pointwise, bias] = layer.getWeights() as [tf.Tensor4D, tf.Tensor4D, tf.Tensor];
    const expected = tf.add(tf.separableConv2d(x, depthwise, pointwise, 2, padding), bias);
    expect(difference(result, toFirst(expected))).toBeLessThan(1e-6);
  });
});

it.each([-1, -2, -3, 1, 2])('a concatenation heeds the axis %i', (axis) => {
  const x = images();
  const result = tf.layers.concatenate({ axis }).apply([x, x]) as tf.Tensor;
  expect(difference(result, tf.concat([x, x], axis))).toBe(0);
});

it('a transposed convolution refuses a dilation', () => {
  const layer = tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, dilationRate: [2, 1], name: 'wide' });
  expect(() => layer.apply(images())).toThrow(
    /'wide' has the dilation rate 2, 1, which TensorFlow.js does not compute/,
  );
});

it.each([1, 2, 3])('batch normalisation of axis %i is right outside training', (axis) => {
  const x = images();
  const initializer = () => tf.initializers.randomUniform({ minval: 0.5, maxval: 2, seed: axis });
  const layer = tf.layers.batchNormalization({
    axis,
    movingMeanInitializer: initializer(),
    movingVarianceInitializer: initializer(),
  });
  const result = layer.apply(x) as tf.Tensor;
  const [, , mean, variance] = layer.getWeights() as tf.Tensor[];
  const shape = x.shape.map((size, i) => (i === axis ? size : 1));
  const inverse = tf.rsqrt(tf.add(tf.reshape(variance!, shape), 1e-3));
  expect(difference(result, tf.mul(tf.sub(x, tf.reshape(mean!, shape)), inverse))).toBeLessThan(1e-6);
});
