// Two networks of one stream do not start alike.
import { type Network, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  dcganDiscriminator,
  dcganGenerator,
  discriminatorFromFunction,
  discriminatorFromLayers,
  generatorFromFunction,
  generatorFromLayers,
  heInitialization,
  mlpDiscriminator,
  mlpGenerator,
  patchDiscriminator,
  progressiveDiscriminator,
  progressiveGenerator,
  r3ganDiscriminator,
  r3ganGenerator,
  resnetDiscriminator,
  resnetGenerator,
  spatialGenerator,
  unetGenerator,
} from './index.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const image = { outputShape: [16, 16, 1], width: 4 } as const;
const judged = { inputShape: [16, 16, 1], width: 4 } as const;

const architectures: Readonly<Record<string, (random: RandomStream) => Network>> = {
  'mlp-generator': (random) => mlpGenerator({ outputShape: [2], random }),
  'mlp-discriminator': (random) => mlpDiscriminator({ inputShape: [2], random }),
  'dcgan-generator': (random) => dcganGenerator({ ...image, random }),
  'dcgan-discriminator': (random) => dcganDiscriminator({ ...judged, random }),
  'resnet-generator': (random) => resnetGenerator({ ...image, random }),
  'resnet-discriminator': (random) => resnetDiscriminator({ ...judged, random }),
  'r3gan-generator': (random) => r3ganGenerator({ ...image, random }),
  'r3gan-discriminator': (random) => r3ganDiscriminator({ ...judged, random }),
  'progressive-generator': (random) => progressiveGenerator({ ...image, random }),
  'progressive-discriminator': (random) => progressiveDiscriminator({ ...judged, random }),
  'spatial-generator': (random) => spatialGenerator({ ...image, random }),
  'unet-generator': (random) => unetGenerator({ ...image, random }),
  'patch-discriminator': (random) => patchDiscriminator({ ...judged, receptiveField: 16, random }),
};

/** The first numbers of the first kernel, free of its scale: kernels that share their draws share these. */
function firstDraws({ variables }: Network): number[] {
  const kernel = variables.find(({ name }) => name.endsWith('kernel'))!;
  const values = [...kernel.variable.dataSync().slice(0, 4)];
  return values.map((value) => value / Math.hypot(...values));
}

const apart = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

test('the first kernels of every two architectures differ, and the stream is not moved', () => {
  const random = new RandomStream(1);
  const before = random.saveState();
  const draws = Object.entries(architectures).map(([name, build]) => {
    const network = build(random);
    expect(network.name).toBe(name);
    const first = firstDraws(network);
    network.dispose();
    return first;
  });
  expect(random.saveState()).toEqual(before);
  for (const [index, first] of draws.entries()) {
    for (const other of draws.slice(index + 1)) expect(apart(first, other)).toBeGreaterThan(1e-3);
  }
});

const model = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros' })] });
const kernel = () => ({ kernel: tf.tidy(() => tf.variable(tf.zeros([2, 2]))) });

/** Players of one's own, all with a kernel of one shape. */
const adapters: readonly ((name: string, random: RandomStream) => Network)[] = [
  (name, random) => generatorFromLayers(model(), { name, initialization: heInitialization, random }),
  (name, random) =>
    discriminatorFromLayers(model(), { name, verdict: 'two-class', initialization: heInitialization, random }),
  (name, random) =>
    generatorFromFunction({
      name,
      latentShape: [2],
      outputShape: [2],
      variables: kernel(),
      generate: (latent) => latent,
      initialization: heInitialization,
      random,
    }),
  (name, random) =>
    discriminatorFromFunction({
      name,
      inputShape: [2],
      variables: kernel(),
      discriminate: (samples) => samples,
      initialization: heInitialization,
      random,
    }),
];

test('players of other names or another kind start apart, those of one name and kind alike', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 });
  const adapter = fc.constantFrom(...adapters);
  const kindOf = (build: (typeof adapters)[number]) => adapters.indexOf(build) % 2;
  fc.assert(
    fc.property(
      name,
      fc.option(name, { freq: 1 }),
      adapter,
      adapter,
      fc.integer(),
      (first, otherName, one, other, seed) => {
        const second = otherName ?? first;
        const random = new RandomStream(seed);
        const [a, b] = [one(first, random), other(second, random)];
        const distance = apart(firstDraws(a), firstDraws(b));
        // The name of the variable is part of the stream's name: `0.dense.kernel` of layers, `kernel` of a function.
        const alike =
          first === second && kindOf(one) === kindOf(other) && a.variables[0]!.name === b.variables[0]!.name;
        a.dispose();
        b.dispose();
        if (alike) expect(distance).toBe(0);
        else expect(distance).toBeGreaterThan(1e-6);
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});
