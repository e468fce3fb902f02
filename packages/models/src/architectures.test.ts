import { type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  architectureDescriptions,
  buildDiscriminator,
  buildGenerator,
  generatorSpecification,
} from './architectures.ts';
import { decodeGenerator, encodeGenerator } from './generator-file.ts';

const random = () => new RandomStream(1);
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test.each(Object.keys(architectureDescriptions))(
  '%s plays by name, and its generator comes back from files',
  async (name) => {
    const specification = generatorSpecification(name, [8, 8, 1], { width: 8, latentSize: 3 });
    const generator = buildGenerator(specification, random());
    const discriminator = buildDiscriminator(specification, random());
    expect(generator).toMatchObject({ latentShape: [3], outputShape: [8, 8, 1] });
    expect(discriminator.inputShape).toEqual([8, 8, 1]);
    const latent = random().normalTensor([2, 3]);
    const generate = (player: Generator) => tf.tidy(() => [...player.generate(latent, { training: false }).dataSync()]);
    const samples = generate(generator);
    tf.tidy(() => {
      const { logits, features } = discriminator.discriminate(tf.tensor(samples, [2, 8, 8, 1]), { training: false });
      expect(logits.shape).toEqual([2, 1]);
      expect(features!.at(-1)!.rank).toBe(2);
    });
    const { generator: loaded } = decodeGenerator(await encodeGenerator(generator, { specification }), 'test');
    expect(generate(loaded)).toEqual(samples);
    latent.dispose();
    for (const player of [generator, discriminator, loaded]) player.dispose();
  },
);

test.each(['r3gan', 'resnet'])('%s has two-class verdicts, and refuses an energy', (name) => {
  const specification = generatorSpecification(name, [8, 8, 1], { width: 8 });
  const discriminator = buildDiscriminator(specification, random(), 'two-class');
  expect(discriminator.verdict).toBe('two-class');
  tf.tidy(() => {
    const { logits } = discriminator.discriminate(tf.zeros([2, 8, 8, 1]), { training: false });
    expect(logits.shape).toEqual([2, 2]);
  });
  discriminator.dispose();
  expect(() => buildDiscriminator(specification, random(), 'energy')).toThrow(
    `The model '${name}' has no discriminator that gives an energy; choose dcgan or mlp`,
  );
});

test.each(['dcgan', 'r3gan', 'resnet'])('%s refuses points', (name) => {
  const specification = generatorSpecification(name, [2]);
  expect(() => buildGenerator(specification, random())).toThrow('not [2]');
  expect(() => buildDiscriminator(specification, random())).toThrow('not [2]');
});

test('names that do not exist are refused with the nearest that does', () => {
  expect(() => generatorSpecification('resnt', [8, 8, 1])).toThrow("did you mean 'resnet'?");
});
