// Conditionings by name: what each does to both players, and that the generator comes back from files.
import { RandomStream } from '@gankit/core';
import { describeOptions } from '@gankit/core/registry';
import { decodeGenerator, encodeGenerator, type GeneratorSpecification } from '@gankit/models';
import { discriminators } from '@gankit/models/registry';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { buildConditionalGenerator, conditionings, toldPlayers } from './index.ts';

const random = () => new RandomStream(1);
const classes = 4;
const byClass = ['projection', 'concatenation', 'auxiliary', 'contrastive'] as const;
const players = {
  mlp: { part: { name: 'mlp', latentSize: 3, hidden: [8, 8] }, shape: [2], judge: { name: 'mlp', hidden: [8, 8] } },
  dcgan: { part: { name: 'dcgan', latentSize: 3, width: 2 }, shape: [8, 8, 1], judge: { name: 'dcgan', width: 2 } },
  resnet: { part: { name: 'resnet', latentSize: 3, width: 2 }, shape: [8, 8, 1], judge: { name: 'resnet', width: 2 } },
} as const;
const labels = (...values: number[]) => ({ labels: tf.tensor1d(values, 'int32') });

describe.each(Object.entries(players))('%s', (_, { part, shape, judge }) => {
  const specificationOf = (name: string): GeneratorSpecification => ({
    generator: part,
    sampleShape: [...shape],
    conditioning: [{ name }],
    classes,
  });

  test('its generator follows the class, and is the same after saving and loading', async () => {
    const before = tf.memory().numTensors;
    const specification = specificationOf('projection');
    const generator = buildConditionalGenerator(specification, random());
    for (const { name, variable, trainable } of generator.variables) {
      if (trainable) tf.tidy(() => variable.assign(random().fork(name).normalTensor(variable.shape, 0, 0.2)));
    }
    const files = await encodeGenerator(generator, { specification });
    expect(() => decodeGenerator(files, 'run')).toThrow('told something (projection); build it with');
    const { generator: loaded, document } = decodeGenerator(files, 'run', buildConditionalGenerator);
    expect(document.specification.classes).toBe(classes);
    expect(loaded.latentShape).toEqual([3]);
    tf.tidy(() => {
      const latent = tf.ones([2, 3]);
      const condition = labels(0, 3);
      const made = generator.generate(latent, { training: false, condition });
      const again = loaded.generate(latent, { training: false, condition });
      expect([...again.dataSync()]).toEqual([...made.dataSync()]);
      const [first, second] = tf.split(made, 2);
      expect(tf.max(tf.abs(tf.sub(first!, second!))).dataSync()[0]).toBeGreaterThan(1e-4);
    });
    generator.dispose();
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(byClass)('its %s discriminator judges by class, or says the class', (name) => {
    const before = tf.memory().numTensors;
    const [told] = toldPlayers(specificationOf(name));
    const channels = shape.at(-1)! + told!.moreChannels;
    const inner = discriminators.create(judge, {
      shape: [...shape.slice(0, -1), channels],
      random: random(),
      verdict: 'logit',
    });
    const discriminator = told!.discriminator(inner, { random: random(), spectralNorm: false });
    expect(discriminator.inputShape).toEqual(shape);
    expect(told!.penalties(discriminator).map(({ player }) => player)).toEqual(
      ['auxiliary', 'contrastive'].includes(name) ? ['discriminator', 'generator'] : [],
    );
    tf.tidy(() => {
      const samples = random().normalTensor([2, ...shape]);
      const one = discriminator.discriminate(samples, { training: false, condition: labels(0, 3) });
      const other = discriminator.discriminate(samples, { training: false, condition: labels(1, 2) });
      const change = tf.max(tf.abs(tf.sub(one.logits, other.logits))).dataSync()[0]!;
      if (name === 'auxiliary') {
        expect(change).toBe(0);
        expect(one.heads!['class']!.shape).toEqual([2, classes]);
      } else expect(change).toBeGreaterThan(1e-6);
    });
    discriminator.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('several conditionings join: a class and codes', () => {
  const specification: GeneratorSpecification = {
    generator: players.mlp.part,
    sampleShape: [2],
    conditioning: [{ name: 'auxiliary' }, { name: 'codes', categorical: [3], continuous: 2 }],
    classes,
  };
  const generator = buildConditionalGenerator(specification, random());
  expect(generator.latentShape).toEqual([3]);
  expect([...generator.needs!].sort()).toEqual(['class', 'vectors']);
  generator.dispose();
});

test.each([
  ['batch', true],
  ['synchronized-batch', true],
  ['instance', false],
  ['none', false],
])(
  'a class decides scales and offsets where batches are normalised, and nowhere else: %s',
  (normalization, decides) => {
    const generator = buildConditionalGenerator(
      {
        generator: { name: 'dcgan', latentSize: 3, width: 2, normalization },
        sampleShape: [8, 8, 1],
        conditioning: [{ name: 'projection' }],
        classes,
      },
      random(),
    );
    const ofClasses = generator.variables.filter(
      ({ variable }) => variable.rank === 2 && variable.shape[0] === classes,
    );
    expect(ofClasses.length > 0).toBe(decides);
    generator.dispose();
  },
);

test('what does not fit is one sentence', () => {
  expect(() => conditionings.create({ name: 'projektion' } as never, {})).toThrow("did you mean 'projection'");
  expect(() => conditionings.create({ name: 'projection' }, {})).toThrow(
    'needs data with classes, and these have none',
  );
  expect(() => conditionings.create({ name: 'images' }, {})).toThrow('needs data with pairs of images');
});

test('every option is described', () => {
  for (const { options } of conditionings.entries) {
    for (const { description, type } of describeOptions(options)) {
      expect(description).toMatch(/^[^.]+$/);
      expect(type).not.toBe('other');
    }
  }
});
