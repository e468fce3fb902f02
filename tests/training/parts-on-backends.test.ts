// Augmentation, top-k and the replay buffer compute the same, gradients included, on every backend that trains here.

import { selectBackend } from '@gankit/backends';
import { type Discriminator, RandomStream } from '@gankit/core';
import '@gankit/engine/gradients';
import { nonSaturating } from '@gankit/losses';
import { mlpGenerator } from '@gankit/models';
import { adaptiveAugment, adaptiveTransforms, diffAugment, replayBuffer, topK } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

/** D(x) = the sum of a third of x^3, so that a gradient of a gradient is not constant. */
const judge: Discriminator = {
  name: 'cubes',
  inputShape: [6, 6, 3],
  heads: [],
  variables: [],
  discriminate: (samples) => ({ logits: tf.tidy(() => samples.pow(3).sum([1, 2, 3]).div(3)) }),
  dispose() {},
};

/** Numbers of every part on the current backend. */
async function numbers(): Promise<Record<string, number[]>> {
  const random = new RandomStream(1);
  const images = random.uniformTensor([6, 6, 6, 3], -1, 1);
  const read = async (tensor: tf.Tensor) => {
    const values = Array.from(await tensor.data());
    tensor.dispose();
    return values;
  };
  const augmented: Record<string, () => Discriminator> = {
    'diff-augment': () => diffAugment(judge, { random: new RandomStream(2) }),
    'adaptive-augment': () =>
      adaptiveAugment(judge, { random: new RandomStream(3), transforms: adaptiveTransforms, probability: 0.8 }),
  };
  const found: Record<string, number[]> = {};
  for (const [name, make] of Object.entries(augmented)) {
    const score = (x: tf.Tensor) => make().discriminate(x, { training: true }).logits.sum() as tf.Scalar;
    found[`${name} gradient`] = await read(tf.tidy(() => tf.grad(score)(images)));
    // As in the R1 penalty.
    const slope = (x: tf.Tensor) => tf.grad(score)(x).square().sum() as tf.Scalar;
    found[`${name} second gradient`] = await read(tf.tidy(() => tf.grad(slope)(images)));
  }
  const logits = tf.tensor2d([[0.3], [-2], [1.5], [0.2], [0.9]]);
  const loss = topK(nonSaturating(), { from: 0.6, to: 0.6, steps: 1 });
  found['top-k gradient'] = await read(
    tf.tidy(() => tf.grad((x) => loss.generatorLoss({ fake: { logits: x } }))(logits)),
  );
  const generator = mlpGenerator({ outputShape: [2], random, latentSize: 2, hidden: [] });
  const buffer = replayBuffer({ capacity: 3 });
  for (let step = 0; step < 3; step++) {
    const latent = random.normalTensor([4, 2]);
    const condition = { labels: tf.tensor1d([0, 1, 2, step], 'int32') };
    const drawn = buffer.sample({ step, generator, real: latent, latent, condition, random });
    found[`replay ${step}`] = await read(drawn.samples);
    found[`replay labels ${step}`] = await read(drawn.condition!.labels!);
    tf.dispose([latent, condition.labels]);
  }
  buffer.dispose();
  generator.dispose();
  tf.dispose([images, logits]);
  return found;
}

let expected: Record<string, number[]> = {};
beforeAll(async () => {
  await selectBackend({ prefer: 'cpu', fallback: false });
  expected = await numbers();
});

test.each(['wasm', 'onnx'] as const)('%s', async (backend) => {
  await selectBackend({ prefer: backend, fallback: false });
  const before = tf.memory().numTensors;
  const found = await numbers();
  expect(tf.memory().numTensors).toBe(before);
  for (const [name, values] of Object.entries(expected)) {
    const scale = Math.max(...values.map(Math.abs));
    expect(scale, name).toBeGreaterThan(0);
    const error = Math.max(...values.map((value, index) => Math.abs(value - found[name]![index]!)));
    expect(error / scale, name).toBeLessThan(1e-5);
  }
});

test('the second gradient is that of a central difference', () => {
  const random = new RandomStream(4);
  const images = random.uniformTensor([1, 6, 6, 3], -1, 1);
  const slope = (x: tf.Tensor) => {
    const discriminator = adaptiveAugment(judge, { random: new RandomStream(3), probability: 1 });
    const score = (y: tf.Tensor) => discriminator.discriminate(y, { training: true }).logits.sum() as tf.Scalar;
    return tf.grad(score)(x).square().sum() as tf.Scalar;
  };
  const gradient = tf.tidy(() => [...tf.grad(slope)(images).dataSync()]);
  const values = images.dataSync();
  const scale = Math.max(...gradient.map(Math.abs));
  for (let index = 0; index < values.length; index += 9) {
    const at = (shift: number) =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[index]! += shift;
        return slope(tf.tensor(moved, images.shape)).dataSync()[0]!;
      });
    expect(Math.abs((at(0.02) - at(-0.02)) / 0.04 - gradient[index]!)).toBeLessThan(0.01 * scale);
  }
  images.dispose();
});
