import type { Generator, NamedVariable } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linearGenerator, valuesOf } from '../linear-players.fixture.ts';
import { generatorAverage } from './generator-average.ts';

let tensors = 0;
let generator: Generator;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  const linear = linearGenerator(1, 10);
  const mean: NamedVariable = { name: 'mean', trainable: false, variable: tf.tidy(() => tf.variable(tf.scalar(0))) };
  generator = {
    ...linear,
    variables: [...linear.variables, mean],
    generate: (latent, options) => tf.tidy(() => linear.generate(latent, options)),
    dispose() {
      linear.dispose();
      mean.variable.dispose();
    },
  };
});
afterEach(() => {
  generator.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

function set(name: string, value: number): void {
  const { variable } = generator.variables.find((named) => named.name === name)!;
  tf.tidy(() => variable.assign(tf.scalar(value)));
}

const sampled = (of: Generator) => tf.tidy(() => of.generate(tf.tensor2d([[2]]), { training: true }).dataSync()[0]);
const once = { samples: 1, samplesPlayed: 1 };

test('is the sum of the closed form, and copies what is not trainable', () => {
  const average = generatorAverage(generator, { decay: 0.9 });
  let expected = 1;
  for (let update = 0; update < 20; update++) {
    set('a', update);
    set('mean', update);
    average.update(once);
    expected = 0.9 * expected + 0.1 * update;
  }
  expect(valuesOf(average.generator)).toEqual({
    a: expect.closeTo(expected, 4),
    b: 10,
    mean: 19,
  });
  average.dispose();
});

test('a half-life in samples does not depend on the batch size', () => {
  const inOne = generatorAverage(generator, { halfLife: 64 });
  const inMany = generatorAverage(generator, { halfLife: 64 });
  set('a', 3);
  inOne.update({ samples: 128, samplesPlayed: 128 });
  for (let index = 1; index <= 16; index++) inMany.update({ samples: 8, samplesPlayed: 8 * index });
  // Two half-lives: a quarter of the old value is left.
  expect(valuesOf(inOne.generator)['a']).toBeCloseTo(2.5, 5);
  expect(valuesOf(inMany.generator)['a']).toBeCloseTo(2.5, 5);
  inOne.dispose();
  inMany.dispose();
});

test('while it ramps up, it remembers a share of what was seen', () => {
  const average = generatorAverage(generator, { halfLife: 1000, rampUp: 0.5 });
  set('a', 3);
  average.update({ samples: 10, samplesPlayed: 20 });
  expect(valuesOf(average.generator)['a']).toBeCloseTo(2, 5);
  set('a', 4);
  average.update({ samples: 1000, samplesPlayed: 1e6 });
  expect(valuesOf(average.generator)['a']).toBeCloseTo(3, 5);
  average.dispose();
});

test('the averaged generator generates with the averages and leaves the weights alone, also when it throws', () => {
  const passes: unknown[] = [];
  const spied: Generator = {
    ...generator,
    generate(latent, options) {
      passes.push(options);
      if (latent.shape[0] === 0) throw new Error('an empty batch');
      return generator.generate(latent, options);
    },
  };
  const average = generatorAverage(spied, { decay: 0.5 });
  set('a', 5);
  average.update(once);
  expect(sampled(average.generator)).toBe(16);
  expect(sampled(generator)).toBe(20);
  expect(passes).toEqual([{ training: false, updateState: false }]);
  const empty = tf.zeros([0, 1]);
  expect(() => average.generator.generate(empty, { training: false })).toThrow('an empty batch');
  empty.dispose();
  expect(sampled(generator)).toBe(20);
  expect(valuesOf(average.generator)['a']).toBe(3);
  // The averages were lent, not moved: training goes on with the weights.
  set('a', 0);
  expect(sampled(average.generator)).toBe(16);
  average.dispose();
});

test('saved and restored, it goes on as if nothing had happened', async () => {
  const options = { halfLife: 30, rampUp: 0.7 };
  const [unbroken, first, second] = [0, 1, 2].map(() => generatorAverage(generator, options));
  const move = (average: typeof unbroken, update: number) => {
    set('a', Math.sin(update));
    average!.update({ samples: 7, samplesPlayed: 7 * (update + 1) });
  };
  for (let update = 0; update < 9; update++) move(unbroken, update);
  for (let update = 0; update < 4; update++) move(first, update);
  const state = await first!.saveState();
  second!.loadState(state);
  for (let update = 4; update < 9; update++) move(second, update);
  expect(valuesOf(second!.generator)).toEqual(valuesOf(unbroken!.generator));
  expect(() => second!.loadState({ tensors: { ...state.tensors, c: state.tensors!['a']! } })).toThrow(
    "The saved average has 'c', which linear-generator does not have.",
  );
  for (const average of [unbroken, first, second]) average!.dispose();
});

test('options that make no sense are refused', () => {
  expect(() => generatorAverage(generator, { decay: 1 })).toThrow('decay');
  expect(() => generatorAverage(generator, { halfLife: 0 })).toThrow('halfLife');
  expect(() => generatorAverage(generator, { halfLife: 1, rampUp: -1 })).toThrow('rampUp');
});
