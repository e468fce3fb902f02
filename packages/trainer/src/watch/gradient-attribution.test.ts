import type { AdversarialLoss, Discriminator, Generator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gradientAttribution } from './gradient-attribution.ts';

// G(z) = tanh(z A + b) B as 1x2 images, D(x) = sum w x^2, L_G = mean softplus(-f), the last on real samples as well.
const A = [0.5, -0.3, 0.8, 0.2, 0.7, -0.6];
const b = [0.1, -0.2, 0.3];
const B = [0.4, -0.9, 0.6, 0.5, -0.7, 0.3];
const w = [0.8, -1.1];
const z = [
  [0.5, -1],
  [1.2, 0.3],
  [-0.4, 0.9],
];

/** The same in plain float64: the loss as a function of all weights and of what is added to the pixels. */
function lossOf({ A: a, b: bias, B: c }: { A: number[]; b: number[]; B: number[] }, added: readonly number[]): number {
  const losses = z.map((latent, row) => {
    const hidden = bias.map((value, unit) => Math.tanh(value + latent[0]! * a[unit]! + latent[1]! * a[3 + unit]!));
    const pixels = [0, 1].map(
      (pixel) => added[2 * row + pixel]! + hidden.reduce((sum, h, unit) => sum + h * c[2 * unit + pixel]!, 0),
    );
    const logit = pixels.reduce((sum, x, pixel) => sum + w[pixel]! * x * x, 0);
    return Math.log1p(Math.exp(-logit));
  });
  return losses.reduce((sum, value) => sum + value, 0) / z.length;
}

const variable = (name: string, values: number[], shape: number[], trainable = true) => {
  return { name, trainable, variable: tf.tidy(() => tf.variable(tf.tensor(values, shape))) };
};

const nonSaturating: AdversarialLoss = {
  name: 'non-saturating',
  discriminatorLoss: ({ fake }) => tf.tidy(() => tf.mean(tf.softplus(fake.logits))),
  generatorLoss: ({ fake }) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits)))),
};

let tensors = 0;
let generator: Generator;
let discriminator: Discriminator;
let latent: tf.Tensor;
let passes: unknown[];
beforeEach(() => {
  tensors = tf.memory().numTensors;
  const variables = [
    variable('0.dense.kernel', A, [2, 3]),
    variable('0.dense.bias', b, [3]),
    variable('1.dense.kernel', B, [3, 2]),
    variable('1.dense.count', [0], [1], false),
  ];
  const [kernel, bias, output] = variables.map((named) => named.variable);
  passes = [];
  generator = {
    name: 'small-generator',
    latentShape: [2],
    outputShape: [1, 2, 1],
    variables,
    generate: (noise, options) => {
      passes.push(options);
      return tf.tidy(() =>
        tf.reshape(
          tf.matMul(
            tf.tanh(tf.add(tf.matMul(noise as tf.Tensor2D, kernel as tf.Tensor2D), bias!)),
            output as tf.Tensor2D,
          ),
          [-1, 1, 2, 1],
        ),
      );
    },
    dispose: () => tf.dispose(variables.map((named) => named.variable)),
  };
  discriminator = {
    name: 'small-discriminator',
    inputShape: [1, 2, 1],
    heads: [],
    variables: [],
    discriminate: (samples) => ({
      logits: tf.tidy(() =>
        samples
          .square()
          .mul(tf.tensor(w, [1, 1, 2, 1]))
          .sum([1, 2, 3]),
      ),
    }),
    dispose() {},
  };
  latent = tf.tensor2d(z);
});
afterEach(() => {
  latent.dispose();
  generator.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Central differences of the loss in float64. */
function differences(of: 'A' | 'b' | 'B' | 'pixels'): number[] {
  const weights = { A, b, B };
  const nothing = Array<number>(6).fill(0);
  const moved = (values: readonly number[], index: number, by: number) =>
    values.map((value, at) => (at === index ? value + by : value));
  const base = of === 'pixels' ? nothing : weights[of];
  return base.map((_, index) => {
    const at = (by: number) =>
      of === 'pixels'
        ? lossOf(weights, moved(nothing, index, by))
        : lossOf({ ...weights, [of]: moved(base, index, by) }, nothing);
    return (at(1e-5) - at(-1e-5)) / 2e-5;
  });
}

const squared = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);

test('equals central differences in float64 at every pixel, variable and layer', async () => {
  const result = await gradientAttribution({ generator, discriminator, loss: nonSaturating, latent, step: 4 });
  expect(result.loss).toBeCloseTo(lossOf({ A, b, B }, Array(6).fill(0)), 6);
  expect(result.samples.shape).toEqual([3, 1, 2, 1]);
  expect(result.gradient.shape).toEqual([3, 1, 2, 1]);
  const pixels = differences('pixels');
  [...result.gradient.dataSync()].forEach((slope, index) => {
    expect(slope).toBeCloseTo(pixels[index]!, 5);
  });
  expect(result.gradientNorm).toBeCloseTo(Math.sqrt(squared(pixels)), 5);

  const squares = (['A', 'b', 'B'] as const).map((of) => squared(differences(of)));
  const total = squares.reduce((sum, value) => sum + value, 0);
  expect(result.variables).toEqual(
    ['0.dense.kernel', '0.dense.bias', '1.dense.kernel'].map((name, index) => ({
      name,
      norm: expect.closeTo(Math.sqrt(squares[index]!), 5),
      share: expect.closeTo(squares[index]! / total, 5),
    })),
  );
  expect(result.layers).toEqual([
    {
      name: '0.dense',
      norm: expect.closeTo(Math.sqrt(squares[0]! + squares[1]!), 5),
      share: expect.closeTo((squares[0]! + squares[1]!) / total, 5),
    },
    { name: '1.dense', norm: expect.closeTo(Math.sqrt(squares[2]!), 5), share: expect.closeTo(squares[2]! / total, 5) },
  ]);
  // As in training, but nothing moves; one pass is enough.
  expect(passes).toEqual([{ training: true, updateState: false, step: 4 }]);
  tf.dispose([result.samples, result.gradient]);
});

test('a loss that compares with real samples gets them, or says so', async () => {
  const comparing: AdversarialLoss = {
    ...nonSaturating,
    name: 'comparing',
    generatorNeeds: ['real', 'samples'],
    generatorLoss: ({ real, samples }) =>
      tf.tidy(() => tf.add(samples!.fake.sub(samples!.real).square().sum(), real!.logits.sum()) as tf.Scalar),
  };
  const real = tf.ones([3, 1, 2, 1]);
  const { samples, gradient } = await gradientAttribution({ generator, discriminator, loss: comparing, latent, real });
  const [x, slopes] = [samples.dataSync(), gradient.dataSync()];
  slopes.forEach((slope, index) => {
    expect(slope).toBeCloseTo(2 * (x[index]! - 1), 5);
  });
  tf.dispose([real, samples, gradient]);
  await expect(gradientAttribution({ generator, discriminator, loss: comparing, latent })).rejects.toThrow(
    "The loss 'comparing' compares with real samples; give `real`.",
  );
});

test('a loss that does not depend on the generator is refused, and nothing is left behind', async () => {
  const constant = { ...nonSaturating, generatorLoss: () => tf.scalar(3) };
  const blind = { ...discriminator, discriminate: () => ({ logits: tf.zeros([3]) }) };
  await expect(gradientAttribution({ generator, discriminator: blind, loss: constant, latent })).rejects.toThrow(
    'connection',
  );
});
