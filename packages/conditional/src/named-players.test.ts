import { RandomStream } from '@gankit/core';
import { decodeGenerator, encodeGenerator, generatorSpecification } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { buildConditionalGenerator, buildConditionalOpponent, conditionalDescriptions } from './named-players.ts';

const random = () => new RandomStream(1);
const specifications = {
  mlp: generatorSpecification('mlp', [2], { latentSize: 3, width: 8, classes: 4 }),
  dcgan: generatorSpecification('dcgan', [8, 8, 1], { latentSize: 3, width: 2, classes: 4 }),
  resnet: generatorSpecification('resnet', [8, 8, 1], { latentSize: 3, width: 2, classes: 4 }),
};
const labels = () => ({ labels: tf.tensor1d([0, 3], 'int32') });

describe.each(Object.entries(specifications))('%s', (_, specification) => {
  test('its generator follows the class, and is the same after saving and loading', async () => {
    const before = tf.memory().numTensors;
    const generator = buildConditionalGenerator(specification, random());
    for (const { name, variable, trainable } of generator.variables) {
      if (trainable) tf.tidy(() => variable.assign(random().fork(name).normalTensor(variable.shape, 0, 0.2)));
    }
    const files = await encodeGenerator(generator, { specification });
    expect(() => decodeGenerator(files, 'run')).toThrow('build it with buildConditionalGenerator');
    const { generator: loaded, document } = decodeGenerator(files, 'run', buildConditionalGenerator);
    expect(document.specification.classes).toBe(4);
    expect(loaded.latentShape).toEqual([3]);
    tf.tidy(() => {
      const latent = tf.ones([2, 3]);
      const condition = labels();
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

  test.each(Object.keys(conditionalDescriptions))('its %s discriminator judges by class, or says the class', (name) => {
    const before = tf.memory().numTensors;
    const { discriminator, penalties } = buildConditionalOpponent(name, specification, random());
    expect(discriminator.inputShape).toEqual(specification.sampleShape);
    expect(penalties.map(({ player }) => player)).toEqual(
      ['auxiliary', 'contrastive'].includes(name) ? ['discriminator', 'generator'] : [],
    );
    tf.tidy(() => {
      const samples = random().normalTensor([2, ...specification.sampleShape]);
      const told = discriminator.discriminate(samples, { training: false, condition: labels() });
      const other = { labels: tf.tensor1d([1, 2], 'int32') };
      const otherwise = discriminator.discriminate(samples, { training: false, condition: other });
      const change = tf.max(tf.abs(tf.sub(told.logits, otherwise.logits))).dataSync()[0]!;
      if (name === 'auxiliary') {
        expect(change).toBe(0);
        expect(told.heads!['class']!.shape).toEqual([2, 4]);
      } else expect(change).toBeGreaterThan(1e-6);
    });
    discriminator.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('what does not fit is one sentence', () => {
  const { mlp } = specifications;
  expect(() => buildConditionalOpponent('projektion', mlp, random())).toThrow("did you mean 'projection'");
  expect(() => buildConditionalOpponent('projection', mlp, random(), 'energy')).toThrow('choose another loss');
  const { classes, ...plain } = mlp;
  expect(() => buildConditionalOpponent('projection', plain as typeof mlp, random())).toThrow('with classes');
});
