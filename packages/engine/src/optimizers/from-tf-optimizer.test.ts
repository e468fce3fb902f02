import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { fromTfOptimizer } from './from-tf-optimizer.ts';

const makers: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.01, 0.5),
  adamax: () => tf.train.adamax(0.01),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.9, 1e-7, true),
};

function makeVariables(): tf.Variable[] {
  return [[3, 2], [2]].map((shape) => tf.tidy(() => tf.variable(new RandomStream(`${shape}`).normalTensor(shape))));
}

function gradientsFor(variables: readonly tf.Variable[], index: number) {
  return variables.map((variable, at) => ({
    name: `parameter-${at}`,
    variable,
    gradient: new RandomStream(`${index} ${at}`).normalTensor(variable.shape),
  }));
}

function apply(
  optimizer: ReturnType<typeof fromTfOptimizer>,
  variables: readonly tf.Variable[],
  from: number,
  to: number,
) {
  for (let index = from; index < to; index++) {
    const gradients = gradientsFor(variables, index);
    optimizer.applyGradients(index % 2 === 0 ? gradients : [...gradients].reverse());
    tf.dispose(gradients.map(({ gradient }) => gradient));
  }
}

const valuesOf = (variables: readonly tf.Variable[]) => variables.map((variable) => Array.from(variable.dataSync()));

describe.each(Object.entries(makers))('tf.train.%s', (name, make) => {
  it('does what it does by itself, whatever the order of the gradients', () => {
    const [ours, theirs] = [makeVariables(), makeVariables()];
    const adapted = fromTfOptimizer(make());
    const plain = make();
    apply(adapted, ours, 0, 6);
    for (let index = 0; index < 6; index++) {
      const gradients = gradientsFor(theirs, index);
      plain.applyGradients(gradients.map(({ variable, gradient }) => ({ name: variable.name, tensor: gradient })));
    }
    expect(valuesOf(ours)).toEqual(valuesOf(theirs));
    expect(adapted.name).toBe(name);
    expect(adapted.iterations).toBe(6);
  });

  it('goes on with the same bits after a restore', async () => {
    const [straight, interrupted] = [makeVariables(), makeVariables()];
    const [first, before, after] = [fromTfOptimizer(make()), fromTfOptimizer(make()), fromTfOptimizer(make())];
    apply(first, straight, 0, 40);
    apply(before, interrupted, 0, 31);
    const saved = await before.saveState();
    after.loadState({ ...saved, values: JSON.parse(JSON.stringify(saved.values)) });
    expect(await after.saveState()).toEqual(saved);
    apply(after, interrupted, 31, 40);
    expect(valuesOf(interrupted)).toEqual(valuesOf(straight));
  });

  it('can be given another learning rate', () => {
    const [slow, stopped] = [makeVariables(), makeVariables()];
    const start = valuesOf(stopped);
    const optimizer = fromTfOptimizer(make());
    apply(optimizer, slow, 0, 1);
    expect(valuesOf(slow)).not.toEqual(start);
    const other = fromTfOptimizer(make());
    other.learningRate = 0;
    apply(other, stopped, 0, 1);
    expect(other.learningRate).toBe(0);
    expect(valuesOf(stopped)).toEqual(start);
  });

  it('saves the moment in which it is asked, also when updates go on meanwhile', async () => {
    const variables = makeVariables();
    const optimizer = fromTfOptimizer(make());
    apply(optimizer, variables, 0, 2);
    const still = await optimizer.saveState();
    const busy = optimizer.saveState();
    apply(optimizer, variables, 2, 4);
    expect(await busy).toEqual(still);
  });

  it('frees everything', () => {
    const before = tf.memory().numTensors;
    const variables = makeVariables();
    {
      using optimizer = fromTfOptimizer(make());
      apply(optimizer, variables, 0, 3);
    }
    tf.dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });
});

it('refuses foreign state and missing parameters', async () => {
  const adam = fromTfOptimizer(tf.train.adam(0.1));
  const variables = makeVariables();
  apply(adam, variables, 0, 1);
  const state = await adam.saveState();
  expect(() => fromTfOptimizer(tf.train.sgd(0.1)).loadState(state)).toThrow("The saved state of 'adam' does not fit");
  expect(() => adam.applyGradients(gradientsFor(variables, 1).slice(1))).toThrow("'parameter-0' has no gradient");
});
