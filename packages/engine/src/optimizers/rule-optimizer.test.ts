import { type Optimizer, type ParameterGradient, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { adamW } from './adam-w.ts';
import { linearRate } from './learning-rates/index.ts';
import { rmsProp } from './rms-prop.ts';
import { optimizerFromRule } from './rule-optimizer.ts';
import { sgd } from './sgd.ts';

const makers: Readonly<Record<string, () => Optimizer>> = {
  adam: () => adam({ learningRate: 0.01, beta1: 0.5 }),
  'adam without a first moment': () => adam({ learningRate: 0.01, beta1: 0, beta2: 0.9 }),
  'adam with amsgrad and decay': () => adam({ amsgrad: true, weightDecay: 0.1 }),
  adamW: () => adamW({ learningRate: (iteration) => 0.1 / (1 + iteration) }),
  sgd: () => sgd({ learningRate: 0.1 }),
  'sgd with momentum': () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  rmsProp: () => rmsProp({ learningRate: 0.01, centered: true, momentum: 0.9 }),
};

/** A parameter and a deterministic stream of gradients for it. */
function makeParameters() {
  const random = new RandomStream('parameters');
  return [
    { name: 'dense/kernel', variable: tf.tidy(() => tf.variable(random.normalTensor([3, 2]))) },
    { name: 'dense/bias', variable: tf.tidy(() => tf.variable(random.normalTensor([2]))) },
  ];
}

function makeUpdates(optimizer: Optimizer, parameters: ReturnType<typeof makeParameters>, from: number, count: number) {
  for (let index = from; index < from + count; index++) {
    const random = new RandomStream(`gradient ${index}`);
    const gradients: ParameterGradient[] = parameters.map(({ name, variable }) => ({
      name,
      variable,
      gradient: random.normalTensor(variable.shape),
    }));
    optimizer.applyGradients(gradients);
    for (const { gradient } of gradients) gradient.dispose();
  }
}

function bytesOf(parameters: ReturnType<typeof makeParameters>): number[][] {
  return parameters.map(({ variable }) => Array.from(new Uint32Array(variable.dataSync().slice().buffer)));
}

describe.each(Object.entries(makers))('%s', (_, make) => {
  it('goes on with the same bits after a restore in a new process', async () => {
    const [straight, interrupted] = [makeParameters(), makeParameters()];
    const [first, before, after] = [make(), make(), make()];
    makeUpdates(first, straight, 0, 12);
    makeUpdates(before, interrupted, 0, 7);
    const saved = await before.saveState();
    const copy = { values: JSON.parse(JSON.stringify(saved.values)), tensors: saved.tensors ?? {} };
    before.dispose();
    after.loadState(copy);
    expect(after.iterations).toBe(7);
    expect(await after.saveState()).toEqual(saved);
    makeUpdates(after, interrupted, 7, 5);
    expect(bytesOf(interrupted)).toEqual(bytesOf(straight));
    expect(after.learningRate).toBe(first.learningRate);
    for (const { variable } of [...straight, ...interrupted]) variable.dispose();
    first.dispose();
    after.dispose();
  });

  it('leaves nothing behind', () => {
    const before = tf.memory().numTensors;
    const parameters = makeParameters();
    const optimizer = make();
    makeUpdates(optimizer, parameters, 0, 1);
    const during = tf.memory().numTensors;
    makeUpdates(optimizer, parameters, 1, 20);
    expect(tf.memory().numTensors).toBe(during);
    optimizer.dispose();
    for (const { variable } of parameters) variable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads nothing back from the backend', () => {
    const parameters = makeParameters();
    const optimizer = make();
    const backend = tf.backend();
    const { readSync, read } = backend;
    const forbidden = () => {
      throw new Error('read back');
    };
    makeUpdates(optimizer, parameters, 0, 1);
    const gradients = parameters.map(({ name, variable }) => ({ name, variable, gradient: tf.onesLike(variable) }));
    Object.assign(backend, { readSync: forbidden, read: forbidden });
    try {
      optimizer.applyGradients(gradients);
    } finally {
      Object.assign(backend, { readSync, read });
    }
    optimizer.dispose();
    tf.dispose([...gradients.map(({ gradient }) => gradient), ...parameters.map(({ variable }) => variable)]);
  });
});

describe('an optimiser made of a rule', () => {
  const gradientOf = (variable: tf.Variable) => tf.onesLike(variable);

  it('counts the updates of each parameter, so that one that joins late is corrected for its own age', () => {
    const [early, late] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
    const optimizer = adam({ learningRate: 0.1 });
    const one = tf.scalar(1);
    for (let index = 0; index < 5; index++)
      optimizer.applyGradients([{ name: 'early', variable: early, gradient: one }]);
    optimizer.applyGradients([{ name: 'late', variable: late, gradient: one }]);
    // Adam's first step has the length of the learning rate, whatever the gradient.
    expect(late.dataSync()[0]).toBeCloseTo(-0.1, 6);
    expect(early.dataSync()[0]).toBeCloseTo(-0.5, 5);
    optimizer.dispose();
  });

  it('refuses a wrong shape, a double name and a disposed optimiser before it changes anything', () => {
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const optimizer = sgd({ learningRate: 1 });
    const good = { name: 'a', variable, gradient: gradientOf(variable) };
    const wrong = { name: 'b', variable, gradient: tf.zeros([3]) };
    expect(() => optimizer.applyGradients([good, wrong])).toThrow("The gradient of 'b' has shape [3] but the variable");
    expect(() => optimizer.applyGradients([good, good])).toThrow("Two gradients are named 'a'");
    expect(Array.from(variable.dataSync())).toEqual([1, 2]);
    expect(optimizer.iterations).toBe(0);
    optimizer.dispose();
    expect(() => optimizer.applyGradients([good])).toThrow('was disposed');
  });

  it('refuses the state of another optimiser, of other options, and of other shapes', async () => {
    const parameters = makeParameters();
    const optimizer = adam();
    makeUpdates(optimizer, parameters, 0, 1);
    const state = await optimizer.saveState();
    expect(() => sgd().loadState(state)).toThrow("it was saved by 'adam'");
    expect(() => adam({ beta1: 0 }).loadState(state)).toThrow("it has 'first-moment/dense/kernel'");
    expect(() => adam({ amsgrad: true }).loadState(state)).toThrow("it lacks 'greatest-second-moment/dense/kernel'");
    const other = adam();
    const variable = tf.variable(tf.zeros([4]));
    other.applyGradients([{ name: 'dense/bias', variable, gradient: gradientOf(variable) }]);
    expect(() => other.loadState(state)).toThrow('has shape [2] but the variable has [4]');
    expect(() => optimizer.loadState({ values: { optimizer: 'adam', iterations: -1, steps: {} } })).toThrow('-1');
  });

  it('takes a schedule, and a number in its place that is saved', async () => {
    const variable = tf.variable(tf.scalar(0));
    const optimizer = sgd({ learningRate: (iteration) => 10 ** -iteration });
    const gradient = tf.scalar(1);
    expect(optimizer.learningRate).toBe(1);
    optimizer.applyGradients([{ name: 'a', variable, gradient }]);
    expect(optimizer.learningRate).toBe(0.1);
    optimizer.applyGradients([{ name: 'a', variable, gradient }]);
    expect(variable.dataSync()[0]).toBeCloseTo(-1.1, 6);
    const scheduled = await optimizer.saveState();
    optimizer.learningRate = 0.5;
    const assigned = await optimizer.saveState();
    const other = sgd({ learningRate: 3 });
    other.loadState(assigned);
    expect(other.learningRate).toBe(0.5);
    other.loadState(scheduled);
    expect(other.learningRate).toBe(3);
    expect(() => sgd({ learningRate: -1 })).toThrow('The learning rate must be');
    expect(() => {
      optimizer.learningRate = Number.NaN;
    }).toThrow('The learning rate must be');
  });

  it('takes the rate of the training step that it is told, and says which it was, also after a restore', async () => {
    const variable = tf.variable(tf.scalar(0));
    const gradients = [{ name: 'a', variable, gradient: tf.scalar(1) }];
    const make = () => sgd({ learningRate: linearRate({ from: 1, iterations: 10 }) });
    const optimizer = make();
    // Five updates in one training step, as a critic makes them.
    for (let update = 0; update < 5; update++) optimizer.applyGradients(gradients, 4);
    expect(optimizer.learningRate).toBe(0.6);
    expect(optimizer.iterations).toBe(5);
    expect(variable.dataSync()[0]).toBeCloseTo(-5 * 0.6, 5);
    const resumed = make();
    resumed.loadState(await optimizer.saveState());
    expect(resumed.learningRate).toBe(0.6);
    // Who tells no step counts updates.
    resumed.applyGradients(gradients);
    expect(variable.dataSync()[0]).toBeCloseTo(-5 * 0.6 - 0.5, 5);
    expect(resumed.learningRate).toBe(0.4);
    expect(() => optimizer.applyGradients(gradients, -1)).toThrow('step must be a whole number of at least 0, not -1');
    expect(() => optimizer.applyGradients(gradients, 1.5)).toThrow('not 1.5');
  });

  it('is freed at the end of a block', () => {
    const variable = tf.variable(tf.scalar(0));
    const gradients = [{ name: 'a', variable, gradient: tf.scalar(1) }];
    const before = tf.memory().numTensors;
    {
      using optimizer = adam();
      optimizer.applyGradients(gradients);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('divides by a spread that rounding cannot turn negative', () => {
    const variable = tf.variable(tf.zeros([3]));
    const optimizer = rmsProp({ learningRate: 1e-6, centered: true, decay: 0.5 });
    const gradient = tf.tensor1d([0.1, 0.3, 0.7]);
    // A constant gradient has no spread: the average of its square is the square of its average, but for rounding.
    for (let update = 0; update < 60; update++) {
      optimizer.applyGradients([{ name: 'a', variable, gradient }]);
      expect(Array.from(variable.dataSync()).every(Number.isFinite)).toBe(true);
    }
  });

  it('saves the moment in which it is asked, also when updates go on meanwhile', async () => {
    const parameters = makeParameters();
    const optimizer = adam();
    makeUpdates(optimizer, parameters, 0, 2);
    const still = await optimizer.saveState();
    const busy = optimizer.saveState();
    makeUpdates(optimizer, parameters, 2, 3);
    expect(await busy).toEqual(still);
    expect(await optimizer.saveState()).not.toEqual(still);
  });

  it('is open to rules of other people', () => {
    const signRule = {
      name: 'sign',
      slots: [] as const,
      update: ({ value, gradient, learningRate }: { value: tf.Tensor; gradient: tf.Tensor; learningRate: number }) => ({
        value: tf.sub(value, tf.mul(tf.sign(gradient), learningRate)),
        slots: {},
      }),
    };
    const variable = tf.variable(tf.tensor1d([1, 1]));
    optimizerFromRule(signRule, 0.25).applyGradients([{ name: 'a', variable, gradient: tf.tensor1d([7, -0.1]) }]);
    expect(Array.from(variable.dataSync())).toEqual([0.75, 1.25]);
  });
});
