import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { discriminatorFromFunction, generatorFromFunction } from './from-function.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { glorotInitialization, heInitialization, type Initialization, initialize } from './initialization.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const zeros = (name: string, shape: number[]) => ({
  name,
  variable: tf.tidy(() => tf.variable(tf.zeros(shape))),
  trainable: true,
});

test('an initialisation that fills nothing is refused with the names that it was given', () => {
  const variables = [zeros('weight', [2, 2]), zeros('offset', [2])];
  expect(() => initialize(variables, heInitialization, new RandomStream(1))).toThrow(
    "The initialisation filled none of the variables ('weight', 'offset'); those of this package fill what ends with 'kernel'",
  );
  expect(() => initialize([], heInitialization, new RandomStream(1))).toThrow('(there are none)');
  const many = Array.from({ length: 20 }, (_, index) => ({ ...variables[0]!, name: `w${index}` }));
  expect(() => initialize(many, heInitialization, new RandomStream(1))).toThrow("'w6', 'w7', ...);");
  // One that was filled is enough.
  initialize([...variables, zeros('kernel', [2, 2])].slice(2), heInitialization, new RandomStream(1));
  tf.disposeVariables();
});

test('a value of another shape is refused', () => {
  const variables = [zeros('kernel', [2, 3])];
  const wrong: Initialization = (_name, _shape, random) => random.normalTensor([3, 2]);
  expect(() => initialize(variables, wrong, new RandomStream(1))).toThrow(
    "The starting value of 'kernel' has shape [3, 2] but the variable has [2, 3]",
  );
  tf.dispose(variables.map(({ variable }) => variable));
});

test('each variable draws from a fork of its own: one more changes none of the others, and the stream stays', () => {
  const random = new RandomStream(1);
  const before = random.saveState();
  const [few, more] = [[zeros('a.kernel', [3, 3])], [zeros('b.kernel', [2, 2]), zeros('a.kernel', [3, 3])]];
  initialize(few, glorotInitialization, random);
  initialize(more, glorotInitialization, random);
  expect(more[1]!.variable.dataSync()).toEqual(few[0]!.variable.dataSync());
  expect(random.saveState()).toEqual(before);
  tf.disposeVariables();
});

const model = () => tf.sequential({ layers: [tf.layers.dense({ units: 50, inputShape: [200] })] });

test('adapters initialise by themselves: He has variance 2 / fan in, whatever the layer started from', () => {
  const random = new RandomStream(1);
  const generator = generatorFromLayers(model(), { initialization: heInitialization, random });
  const again = generatorFromLayers(model(), { initialization: heInitialization, random });
  tf.tidy(() => {
    const [kernel, bias] = generator.variables.map(({ variable }) => variable);
    const variance = tf.moments(kernel!).variance;
    expect(Math.abs((variance.arraySync() as number) / (2 / 200) - 1)).toBeLessThan(6 * Math.sqrt(2 / 10_000));
    expect(bias!.abs().max().arraySync()).toBe(0);
    // The names of the layers carry a counter of the process; the weights do not follow it.
    expect(again.variables[0]!.variable.dataSync()).toEqual(kernel!.dataSync());
  });
  generator.dispose();
  again.dispose();
});

test('an initialisation without a stream, a stream without an initialisation, and one that fills nothing', () => {
  const shared = { name: 'mine', latentShape: [2], outputShape: [2], generate: (latent: tf.Tensor) => latent };
  const variables = { scale: tf.tidy(() => tf.variable(tf.ones([2]))) };
  const random = new RandomStream(1);
  const unusable = model();
  expect(() => generatorFromLayers(unusable, { random })).toThrow(
    "'random' of a generator is of use only with 'initialization', which is missing; give both or neither.",
  );
  const judge = { name: 'mine', inputShape: [2], variables, discriminate: (samples: tf.Tensor) => samples };
  expect(() => discriminatorFromFunction({ ...judge, initialization: heInitialization })).toThrow(
    "'initialization' of a discriminator is of use only with 'random'",
  );
  expect(() => generatorFromFunction({ ...shared, variables, initialization: heInitialization, random })).toThrow(
    "filled none of the variables ('scale')",
  );
  unusable.dispose();
  tf.dispose(variables);
});
