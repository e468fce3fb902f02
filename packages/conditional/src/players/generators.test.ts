// Generators that are told the class: what they compute by hand, what they pass on, and what they refuse.
import { type Discriminator, type Generator, isStateful, networkState, RandomStream } from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import { generatorFromLayers, mlpGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { labelTensor } from '../labels.ts';
import { concatenatedDiscriminator } from './concatenated-discriminator.ts';
import { conditionalGenerator } from './conditional-generator.ts';
import { imageConditionedGenerator } from './image-conditioned.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = () => new RandomStream(1);

/** A generator that gives its latent back, so that one sees what it was given. */
function echo(latentShape: readonly number[]): Generator {
  return {
    name: 'echo',
    latentShape,
    latentDistribution: 'uniform',
    outputShape: latentShape,
    variables: [],
    generate: (latent) => latent.clone(),
    dispose() {},
  };
}

const forward = (condition: { labels?: tf.Tensor1D; vectors?: tf.Tensor2D }) => ({ training: false, condition });

test('one-hot classes and then the vector follow the latent', () => {
  const generator = conditionalGenerator(echo([2 + 3 + 1]), { classes: 3, vectors: 1 });
  expect(generator.latentShape).toEqual([2]);
  expect(generator.latentDistribution).toBe('uniform');
  tf.tidy(() => {
    const latent = tf.tensor2d([
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    const both = { labels: labelTensor([2, 0], 3), vectors: tf.tensor2d([[7], [8]]) };
    const expected = tf.tensor2d([
      [0.1, 0.2, 0, 0, 1, 7],
      [0.3, 0.4, 1, 0, 0, 8],
    ]);
    expect(generator.generate(latent, forward(both)).arraySync()).toEqual(expected.arraySync());
    const weights = tf.tensor2d([
      [0, 0, 1, 7],
      [1, 0, 0, 8],
    ]);
    expect(generator.generate(latent, forward({ vectors: weights })).arraySync()).toEqual(expected.arraySync());
  });
});

test('a matrix of noise gets the embedding at every position', () => {
  const generator = conditionalGenerator(echo([2, 3, 1 + 2]), { classes: 2 });
  expect(generator.latentShape).toEqual([2, 3, 1]);
  tf.tidy(() => {
    const latent = random().normalTensor([2, 2, 3, 1]);
    const values = generator.generate(latent, forward({ labels: labelTensor([1, 0], 2) }));
    const [noise, first, second] = tf.split(values, 3, 3);
    expect(noise!.arraySync()).toEqual(latent.arraySync());
    expect([...first!.dataSync()]).toEqual([...Array(6).fill(0), ...Array(6).fill(1)]);
    expect([...second!.dataSync()]).toEqual([...Array(6).fill(1), ...Array(6).fill(0)]);
  });
});

test('a learned embedding is a row of its table, learned, saved, and interpolated by weights', async () => {
  const options = { classes: 4, embedding: { size: 3, random: random() } } as const;
  const generator = conditionalGenerator(echo([1 + 3]), options);
  const other = conditionalGenerator(echo([1 + 3]), {
    classes: 4,
    embedding: { size: 3, random: new RandomStream(2) },
  });
  const [table] = generator.variables;
  expect(generator.variables.map(({ name, trainable }) => [name, trainable])).toEqual([['label-embedding', true]]);
  tf.tidy(() => {
    const rows = table!.variable.arraySync() as number[][];
    const latent = tf.tensor2d([[5], [6]]);
    const byLabel = generator.generate(latent, forward({ labels: labelTensor([3, 1], 4) })).arraySync();
    expect(byLabel).toEqual([
      [5, ...rows[3]!],
      [6, ...rows[1]!],
    ]);
    const half = tf.tensor2d([
      [0.5, 0, 0, 0.5],
      [0, 1, 0, 0],
    ]);
    const between = generator.generate(latent, forward({ vectors: half })).arraySync() as number[][];
    between[0]!.slice(1).forEach((value, index) => {
      expect(value).toBeCloseTo((rows[0]![index]! + rows[3]![index]!) / 2, 6);
    });
    const { grads } = tf.variableGrads(
      () => generator.generate(latent, forward({ labels: labelTensor([3, 3], 4) })).sum() as tf.Scalar,
      [table!.variable],
    );
    expect(grads[table!.variable.name]!.arraySync()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
      [2, 2, 2],
    ]);
  });
  networkState(other).loadState(await networkState(generator).saveState());
  expect(other.variables[0]!.variable.dataSync()).toEqual(table!.variable.dataSync());
  generator.dispose();
  other.dispose();
});

test('a generator and a discriminator with one stream start with tables of their own', () => {
  const options = { classes: 4, embedding: { size: 3, random: random() } } as const;
  const discriminator: Discriminator = {
    name: 'echo',
    inputShape: [5],
    heads: [],
    variables: [],
    discriminate: (samples) => ({ logits: samples }),
    dispose() {},
  };
  const players = [
    conditionalGenerator(echo([5]), options),
    concatenatedDiscriminator(discriminator, options),
    conditionalGenerator(echo([5]), options),
  ];
  const [generated, judged, again] = players.map(({ variables }) => [...variables[0]!.variable.dataSync()]);
  expect(again).toEqual(generated);
  expect(judged!.filter((value) => generated!.includes(value))).toEqual([]);
  for (const player of players) player.dispose();
});

test('the inner generator keeps its variables under their names, its state and its condition', async () => {
  const inner = generatorFromLayers(
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [5] }),
        seededDropout({ rate: 0.5, seed: 3 }),
        tf.layers.dense({ units: 2 }),
      ],
    }),
  );
  const { variables } = inner;
  const names = variables.map(({ name }) => name);
  const generator = conditionalGenerator(inner, { classes: 2 });
  expect(generator.variables.map(({ name }) => name)).toEqual(names);
  expect(generator.outputShape).toEqual([2]);
  expect(isStateful(generator)).toBe(true);
  expect(isStateful(conditionalGenerator(echo([3]), { classes: 2 }))).toBe(false);
  const saved = await networkState(generator).saveState();
  const sample = () =>
    tf.tidy(() =>
      generator.generate(tf.ones([2, 3]), { training: true, condition: { labels: labelTensor([0, 1], 2) } }).dataSync(),
    );
  const first = sample();
  networkState(generator).loadState(saved);
  expect(sample()).toEqual(first);
  generator.dispose();
  expect(variables.every(({ variable }) => variable.isDisposed)).toBe(true);
});

test('a wrapped player trains: the gradient reaches the weights, and nothing is left behind', () => {
  const embedding = { size: 2, random: random() };
  const generator = conditionalGenerator(mlpGenerator({ outputShape: [2], latentSize: 5, random: random() }), {
    classes: 3,
    embedding,
  });
  const labels = labelTensor([0, 2], 3);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const latent = random().normalTensor([2, 3]);
    const { grads } = tf.variableGrads(
      () => generator.generate(latent, { training: true, condition: { labels } }).square().sum() as tf.Scalar,
      generator.variables.map(({ variable }) => variable),
    );
    const table = grads[generator.variables.at(-1)!.variable.name]!.abs().sum(1).dataSync();
    expect([...table].map((value) => value > 0)).toEqual([true, false, true]);
  });
  expect(tf.memory().numTensors).toBe(before);
  labels.dispose();
  generator.dispose();
});

test('what does not fit is refused in one sentence, and leaves nothing behind', () => {
  expect(() => conditionalGenerator(echo([10]), { classes: 10 })).toThrow(
    expect.objectContaining({
      code: 'incompatible',
      message:
        'The latent of echo has shape [10], and the last 10 channels are for the condition; make it with 10 channels more than it needs itself.',
    }),
  );
  const embedding = { size: 10, random: random() };
  expect(() => conditionalGenerator(echo([10]), { classes: 10, embedding })).toThrow('the last 10 channels');
  expect(() => conditionalGenerator(echo([10]), {})).toThrow('needs classes, vectors or both');
  expect(() => conditionalGenerator(echo([10]), { classes: 1 })).toThrow('classes must be');
  const once = conditionalGenerator(echo([9]), { classes: 2, embedding: { size: 2, random: random() } });
  const before = tf.memory().numTensors;
  expect(() => conditionalGenerator(once, { classes: 2, embedding: { size: 2, random: random() } })).toThrow(
    "has a variable 'label-embedding' already; wrap it in the same way only once.",
  );
  expect(tf.memory().numTensors).toBe(before);
  once.dispose();
  const generator = conditionalGenerator(echo([4]), { classes: 2, vectors: 1 });
  tf.tidy(() => {
    const latent = tf.zeros([2, 1]);
    const labels = labelTensor([0, 1], 2);
    expect(() => generator.generate(latent, { training: false })).toThrow('needs to know the class of each sample');
    expect(() => generator.generate(latent, forward({ labels }))).toThrow(
      'conditional echo needs a vector for each sample and was told none; give the trainer a conditioning such as codes()',
    );
    expect(() => generator.generate(latent, forward({ labels, vectors: tf.zeros([2, 3]) }))).toThrow('[2, 1]');
    expect(() => generator.generate(tf.zeros([2, 2]), forward({ labels }))).toThrow(
      'The latent of conditional echo must be float32 of shape [batch, 1]',
    );
  });
});

test('imageConditionedGenerator: the image takes the last channels, or all of them', () => {
  const images = tf.ones<tf.Rank.R4>([2, 3, 3, 2]);
  const noisy = imageConditionedGenerator(echo([3, 3, 2 + 1]), { channels: 2 });
  const alone = imageConditionedGenerator(echo([3, 3, 2]), { channels: 2 });
  expect([noisy.latentShape, alone.latentShape]).toEqual([[3, 3, 1], [1]]);
  tf.tidy(() => {
    const latent = random().normalTensor([2, 3, 3, 1]);
    const told = { training: false, condition: { images } };
    expect(noisy.generate(latent, told).arraySync()).toEqual(tf.concat([latent, images], 3).arraySync());
    expect(alone.generate(tf.zeros([2, 1]), told).arraySync()).toEqual(images.arraySync());
    expect(() => alone.generate(tf.zeros([2, 1]), { training: false })).toThrow(
      expect.objectContaining({
        code: 'incompatible',
        message:
          'image-conditioned echo needs an image for each sample and was told none; give the trainer a conditioning such as imageCondition(), or pass condition.images.',
      }),
    );
    expect(() => alone.generate(tf.zeros([1, 1]), told)).toThrow('float32 of shape [1, 3, 3, 2], not float32');
  });
  expect(() => imageConditionedGenerator(echo([3, 3, 2]), { channels: 3 })).toThrow('the last 3 channels are for');
  expect(() => imageConditionedGenerator(echo([9]), { channels: 3 })).toThrow('needs [height, width, channels]');
  images.dispose();
});
