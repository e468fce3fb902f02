import { isStateful, RandomStream } from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';

function sequential(...layers: tf.layers.Layer[]): tf.Sequential {
  return tf.sequential({ layers });
}

test('a model of the user becomes a generator and frees its weights', () => {
  const before = tf.memory().numTensors;
  const generator = generatorFromLayers(
    sequential(
      tf.layers.dense({ units: 4, inputShape: [3] }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2, trainable: false }),
    ),
    { name: 'mine', latentDistribution: 'uniform' },
  );
  expect(generator).toMatchObject({ name: 'mine', latentShape: [3], outputShape: [2], latentDistribution: 'uniform' });
  expect(generator.variables.map(({ name, trainable }) => [name, trainable])).toEqual([
    ['0.dense.kernel', true],
    ['0.dense.bias', true],
    ['1.batchNormalization.gamma', true],
    ['1.batchNormalization.beta', true],
    ['1.batchNormalization.moving_mean', false],
    ['1.batchNormalization.moving_variance', false],
    ['2.dense.kernel', false],
    ['2.dense.bias', false],
  ]);
  generator.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a discriminator of the user gives the features that it names', () => {
  const model = sequential(
    tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'first' }),
    tf.layers.dense({ units: 1, name: 'last' }),
  );
  const discriminator = discriminatorFromLayers(model, { features: ['first'] });
  tf.tidy(() => {
    const { logits, features } = discriminator.discriminate(tf.ones([2, 3]), { training: false });
    const again = (model.getLayer('last').apply(features![0]!) as tf.Tensor).dataSync();
    expect(logits.dataSync()).toEqual(again);
  });
  expect(() => discriminatorFromLayers(model, { features: ['frist'] })).toThrow("no layer 'frist'; it has:");
  discriminator.dispose();
});

test('models that cannot play are refused', () => {
  const input = tf.input({ shape: [2] });
  const twice = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
  const twoOutputs = tf.model({ inputs: input, outputs: [twice, input] });
  expect(() => generatorFromLayers(twoOutputs)).toThrow('must have one output of a fixed shape');
  const anySize = sequential(tf.layers.conv2d({ filters: 1, kernelSize: 3, inputShape: [null, null, 1] }));
  expect(() => discriminatorFromLayers(anySize)).toThrow('must have one input of a fixed shape');
  twoOutputs.dispose();
  anySize.dispose();
});

test('the masks of dropout go on where a saved player stood', async () => {
  const build = () =>
    sequential(
      tf.layers.dense({ units: 32, inputShape: [2], kernelInitializer: 'ones' }),
      seededDropout({ rate: 0.5, seed: 'first' }),
      tf.layers.dense({ units: 32, kernelInitializer: 'ones' }),
      seededDropout({ rate: 0.5, seed: 'second' }),
    );
  const before = tf.memory().numTensors;
  const latent = new RandomStream(1).normalTensor([2, 2]);
  const [generator, resumed] = [generatorFromLayers(build()), generatorFromLayers(build())];
  const draw = (player: typeof generator) => tf.tidy(() => player.generate(latent, { training: true }).dataSync());
  if (!isStateful(generator) || !isStateful(resumed)) throw new Error('a model with dropout must have state');
  const first = draw(generator);
  const state = await generator.saveState();
  expect(Object.keys(state.values!).sort()).toEqual([
    '1.seededDropout.path',
    '1.seededDropout.words',
    '3.seededDropout.path',
    '3.seededDropout.words',
  ]);
  resumed.loadState(JSON.parse(JSON.stringify(state)));
  const next = draw(generator);
  expect(next).not.toEqual(first);
  expect(draw(resumed)).toEqual(next);
  expect(() => resumed.loadState({ values: {} })).toThrow("nothing for '1.seededDropout'");
  const discriminator = discriminatorFromLayers(build());
  expect(isStateful(discriminator)).toBe(true);
  for (const player of [generator, resumed, discriminator]) player.dispose();
  latent.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('players of models without such layers have no state of their own', () => {
  const generator = generatorFromLayers(sequential(tf.layers.dense({ units: 1, inputShape: [1] })));
  expect(isStateful(generator)).toBe(false);
  generator.dispose();
});
