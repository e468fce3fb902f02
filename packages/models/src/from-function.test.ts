import { isStateful, RandomStream, type State } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discriminatorFromFunction, generatorFromFunction } from './from-function.ts';
import { checkPair } from './network-checks.fixture.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

function build(random: RandomStream) {
  const variable = (name: string, shape: number[]) => tf.tidy(() => tf.variable(random.fork(name).normalTensor(shape)));
  const [project, hidden, judge] = [variable('project', [3, 2]), variable('hidden', [2, 4]), variable('judge', [4, 1])];
  return {
    generator: generatorFromFunction({
      name: 'mine',
      latentShape: [3],
      latentDistribution: 'uniform',
      outputShape: [2],
      variables: { project },
      generate: (latent) => tf.tanh(tf.matMul(latent, project)),
    }),
    discriminator: discriminatorFromFunction({
      name: 'judge',
      inputShape: [2],
      heads: ['features'],
      variables: { hidden, judge },
      discriminate(samples) {
        const feature = tf.tanh(tf.matMul(samples, hidden));
        return { logits: tf.matMul(feature, judge), features: [feature] };
      },
    }),
  };
}

test('functions with variables play: shapes, gradients, state and leaks', () => {
  checkPair(build);
});

test('it is what the function says, with the variables under the given names', () => {
  const { generator, discriminator } = build(new RandomStream(1));
  expect(generator).toMatchObject({ name: 'mine', latentShape: [3], outputShape: [2], latentDistribution: 'uniform' });
  expect(discriminator).toMatchObject({ name: 'judge', inputShape: [2], verdict: 'logit', heads: ['features'] });
  expect(discriminator.variables.map(({ name, trainable }) => [name, trainable])).toEqual([
    ['hidden', true],
    ['judge', true],
  ]);
  expect(isStateful(generator)).toBe(false);
  generator.dispose();
  discriminator.dispose();
});

test('variables that are not trainable are saved and not trained; the options are passed on', async () => {
  const seen: unknown[] = [];
  const state: State = { values: { drawn: 3 } };
  const generator = generatorFromFunction({
    name: 'mine',
    latentShape: [2],
    outputShape: [2],
    variables: { average: tf.tidy(() => tf.variable(tf.zeros([2]), false)) },
    state: { saveState: async () => state, loadState: (saved) => seen.push(saved) },
    generate(latent, options) {
      seen.push(options);
      return latent;
    },
  });
  expect(generator.variables.map(({ trainable }) => trainable)).toEqual([false]);
  const latent = tf.ones([1, 2]);
  const samples = generator.generate(latent, { training: true, step: 5 });
  expect(samples.id).not.toBe(latent.id);
  expect(seen).toEqual([{ training: true, step: 5, updateState: true }]);
  if (!isStateful(generator)) throw new Error('it must have state');
  expect(await generator.saveState()).toBe(state);
  generator.loadState(state);
  expect(seen[1]).toBe(state);
  tf.dispose([latent, samples]);
  generator.dispose();
});

test('results of another shape are refused, and nothing leaks', () => {
  const wrong = generatorFromFunction({
    name: 'mine',
    latentShape: [2],
    outputShape: [3],
    variables: {},
    generate: (latent) => latent.mul(2),
  });
  const fewer = discriminatorFromFunction({
    name: 'judge',
    inputShape: [2],
    variables: {},
    discriminate: (samples) => samples.sum(),
  });
  const headless = discriminatorFromFunction({
    name: 'judge',
    inputShape: [2],
    heads: ['features'],
    variables: {},
    discriminate: (samples) => samples.sum(1),
  });
  const oneUnit = discriminatorFromFunction({
    name: 'judge',
    inputShape: [2],
    verdict: 'two-class',
    variables: {},
    discriminate: (samples) => samples.sum(1, true),
  });
  const input = tf.ones([4, 2]);
  expect(() => wrong.generate(input, { training: true })).toThrow(
    'The output of mine must be float32 of shape [batch, 3], not float32 of shape [4, 2]',
  );
  expect(() => fewer.discriminate(input, { training: true })).toThrow('its first axis must be the batch');
  expect(() => headless.discriminate(input, { training: true })).toThrow("declares the head 'features'");
  expect(() => oneUnit.discriminate(input, { training: true })).toThrow('The logits of judge must be float32');
  input.dispose();
});

test('every declared head is asked for by name, and nothing else is given', () => {
  const judge = (heads: readonly string[], given: Record<string, tf.Tensor>) =>
    discriminatorFromFunction({
      name: 'judge',
      inputShape: [2],
      heads,
      variables: {},
      discriminate: (samples) => ({ logits: samples.sum(1), features: [samples], heads: given }),
    });
  const input = tf.ones([4, 2]);
  const classes = tf.zeros([4, 3]);
  const { logits, features, heads } = judge(['features', 'class'], { class: classes }).discriminate(input, {
    training: true,
  });
  expect([logits.shape, features!.map(({ shape }) => shape), heads!['class']!.shape]).toEqual([[4], [[4, 2]], [4, 3]]);
  // What it gives is the caller's, also when the function hands back what it was given.
  expect(features![0]!.id).not.toBe(input.id);
  tf.dispose([logits, ...features!, ...Object.values(heads!)]);
  const run = (player: ReturnType<typeof judge>) => () => player.discriminate(input, { training: true });
  expect(run(judge(['features', 'class', 'code'], { class: classes }))).toThrow(
    "declares the head 'code' and does not",
  );
  expect(run(judge(['features'], { class: classes }))).toThrow("gives the head 'class' and does not declare it");
  expect(run(judge(['class'], { class: classes }))).toThrow("gives the head 'features' and does not declare it");
  const few = tf.zeros([3, 3]);
  expect(run(judge(['features', 'class'], { class: few }))).toThrow('has shape [3, 3] for a batch of 4');
  tf.dispose([input, classes, few]);
});

test('what it must be told is unknown unless it says so', () => {
  const shared = { name: 'mine', latentShape: [2], outputShape: [2], variables: {}, generate: (x: tf.Tensor) => x };
  expect(generatorFromFunction(shared).needs).toBeUndefined();
  expect(generatorFromFunction({ ...shared, needs: [] }).needs).toEqual([]);
  expect(generatorFromFunction({ ...shared, needs: ['labels'] }).needs).toEqual(['labels']);
});

test('what is no variable, and a variable under two names, are refused; freezing one is heeded', () => {
  const shared = { name: 'mine', latentShape: [2], outputShape: [2], generate: (x: tf.Tensor) => x };
  const variable = tf.tidy(() => tf.variable(tf.ones([2])));
  const tensor = tf.ones([2]) as tf.Variable;
  expect(() => generatorFromFunction({ ...shared, variables: { tensor } })).toThrow(
    "'tensor' of mine is no tf.Variable",
  );
  expect(() => generatorFromFunction({ ...shared, variables: { a: variable, b: variable } })).toThrow(
    "'a' and 'b' of mine are one variable, which would be trained twice",
  );
  const generator = generatorFromFunction({ ...shared, variables: { variable } });
  expect(generator.variables[0]!.trainable).toBe(true);
  variable.trainable = false;
  expect(generator.variables[0]!.trainable).toBe(false);
  tensor.dispose();
  generator.dispose();
});
