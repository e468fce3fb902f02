import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { groupedConv2d } from './grouped-convolution.ts';

const random = () => new RandomStream(1);
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** The convolution in float64: every output channel from the channels of its own group. */
function byHand(x: number[], kernel: number[], bias: number[], shape: number[], groups: number, filters: number) {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const perGroup = channels / groups;
  const result: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < height; y++)
      for (let column = 0; column < width; column++)
        for (let o = 0; o < filters; o++) {
          let sum = bias[o]!;
          const group = Math.floor(o / (filters / groups));
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++) {
              const [row, other] = [y + dy, column + dx];
              if (row < 0 || row >= height || other < 0 || other >= width) continue;
              for (let c = 0; c < perGroup; c++) {
                const input = x[((b * height + row) * width + other) * channels + group * perGroup + c]!;
                sum += input * kernel[(((dy + 1) * 3 + dx + 1) * perGroup + c) * filters + o]!;
              }
            }
          result.push(sum);
        }
  return result;
}

test.each([
  [1, 4, 4],
  [2, 4, 6],
  [4, 4, 4],
])('%d groups, %d to %d channels: value and gradients are those of the sum by hand', (groups, channels, filters) => {
  const before = tf.memory().numTensors;
  const shape = [2, 4, 3, channels];
  const layer = groupedConv2d({ filters, kernelSize: 3, groups });
  const x = random().fork('x').normalTensor(shape);
  layer.build(shape);
  const start = layer.weights.map((weight, index) =>
    random()
      .fork(`${index}`)
      .normalTensor(weight.shape as number[]),
  );
  layer.setWeights(start);
  const [kernel, bias] = start.map(values) as [number[], number[]];
  const direction = random().fork('direction').normalTensor([2, 4, 3, filters]);
  const weights = layer.weights.map((weight) => weight.read() as tf.Variable);
  const objective = (input: tf.Tensor) => tf.sum(tf.mul(layer.apply(input) as tf.Tensor, direction)) as tf.Scalar;
  const by = values(direction);
  const exact = (input: number[], k: number[], b: number[]) =>
    byHand(input, k, b, shape, groups, filters).reduce((sum, value, index) => sum + value * by[index]!, 0);
  tf.tidy(() => {
    const output = values(layer.apply(x) as tf.Tensor);
    byHand(values(x), kernel, bias, shape, groups, filters).forEach((value, index) => {
      expect(Math.abs(value - output[index]!)).toBeLessThan(1e-4);
    });
    const { grads } = tf.variableGrads(() => objective(x), weights);
    const gradients = [tf.grad(objective)(x), ...weights.map(({ name }) => grads[name]!)].map(values);
    const points = [values(x), kernel, bias];
    // Linear in each argument: the central difference is exact but for rounding.
    points.forEach((point, argument) => {
      point.forEach((_, index) => {
        const at = (step: number) => {
          const moved = points.map((numbers, other) =>
            other === argument ? numbers.map((value, i) => (i === index ? value + step : value)) : numbers,
          );
          return exact(moved[0]!, moved[1]!, moved[2]!);
        };
        expect(Math.abs(gradients[argument]![index]! - (at(0.5) - at(-0.5)))).toBeLessThan(1e-4);
      });
    });
  });
  tf.dispose([x, direction, ...start, ...weights]);
  expect(tf.memory().numTensors).toBe(before);
});

test('groups that do not divide the channels are refused', () => {
  expect(() => groupedConv2d({ filters: 4, kernelSize: 3, groups: 3 }).build([null, 4, 4, 6])).toThrow(
    'cannot part 6 channels into 4 by 3 groups',
  );
});
