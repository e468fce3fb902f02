// A whole game, step by step, against PyTorch: models, losses, gradients and Adam together (recipe: fixtures/record.py).
import { readFileSync } from 'node:fs';
import { selectBackend } from '@gankit/backends';
import { type Discriminator, type Generator, type Network, RandomStream } from '@gankit/core';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { readMeasurements, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

const recorded = JSON.parse(readFileSync(new URL('fixtures/recorded.json', import.meta.url), 'utf8')) as {
  mlp: [number, number][];
  dcgan: [number, number][];
};

/** scale * sin(1.7 k + seed) for k = 1, 2, ... in row-major order, as in record.py. */
function formula(shape: readonly number[], seed: number, scale: number, offset = 0): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: size }, (_, index) => offset + scale * Math.sin(1.7 * (index + 1) + seed));
  return tf.tensor(values, [...shape]);
}

type Start = readonly [seed: number, scale: number, offset?: number];

function fill(network: Network, starts: readonly Start[]): void {
  const trainable = network.variables.filter(({ trainable }) => trainable);
  expect(trainable).toHaveLength(starts.length);
  trainable.forEach(({ variable }, index) => {
    tf.tidy(() => variable.assign(formula(variable.shape, ...starts[index]!)));
  });
}

const dense = (seed: number): Start[] => [
  [seed, 0.5],
  [seed + 0.5, 0.1],
];
const norm = (seed: number): Start[] => [
  [seed, 0.2, 1],
  [seed + 1, 0.2],
];

const random = new RandomStream(1);
const games = {
  mlp: () => {
    const generator = mlpGenerator({ outputShape: [2], latentSize: 3, hidden: [8, 8], random });
    const discriminator = mlpDiscriminator({ inputShape: [2], hidden: [8, 8], random });
    fill(generator, [1, 2, 3].flatMap(dense));
    fill(discriminator, [20, 21, 22].flatMap(dense));
    return { generator, discriminator, batch: 16 };
  },
  dcgan: () => {
    const generator = dcganGenerator({ outputShape: [8, 8, 1], latentSize: 6, width: 4, random });
    const discriminator = dcganDiscriminator({ inputShape: [8, 8, 1], width: 4, random });
    fill(generator, [[1, 0.5], ...norm(2), [4, 0.3], ...norm(5), [7, 0.3], [8, 0.1]]);
    fill(discriminator, [[11, 0.3], [12, 0.1], ...dense(13)]);
    return { generator, discriminator, batch: 8 };
  },
};

async function play({
  generator,
  discriminator,
  batch,
}: {
  generator: Generator;
  discriminator: Discriminator;
  batch: number;
}) {
  const optimizers = [adam({ learningRate: 0.01, beta1: 0.5 }), adam({ learningRate: 0.01, beta1: 0.5 })] as const;
  const parts = { generator, discriminator, loss: nonSaturating(), random };
  const losses: [number, number][] = [];
  for (let step = 0; step < recorded.mlp.length; step++) {
    const real = formula([batch, ...discriminator.inputShape], 100 + step, 0.9);
    const first = formula([batch, ...generator.latentShape], 200 + step, 1);
    const second = formula([batch, ...generator.latentShape], 300 + step, 1);
    const ofD = updateDiscriminator({ ...parts, real, latent: first, optimizer: optimizers[0] });
    const ofG = updateGenerator({ ...parts, real, latent: second, optimizer: optimizers[1] });
    const [d, g] = await readMeasurements([ofD, ofG]);
    losses.push([d!.adversarialLoss, g!.adversarialLoss]);
    tf.dispose([real, first, second]);
  }
  for (const part of [generator, discriminator, ...optimizers]) part.dispose();
  return losses;
}

describe.each(['cpu', 'wasm', 'onnx'] as const)('on %s', (backend) => {
  test.each(['mlp', 'dcgan'] as const)('%s follows PyTorch', async (game) => {
    await selectBackend({ prefer: backend, fallback: false });
    const before = tf.memory().numTensors;
    const losses = await play(games[game]());
    losses.forEach((pair, step) => {
      pair.forEach((loss, player) => {
        const expected = recorded[game][step]![player]!;
        expect(Math.abs(loss - expected), `step ${step}, player ${player}: ${loss}, PyTorch ${expected}`).toBeLessThan(
          1e-4,
        );
      });
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
