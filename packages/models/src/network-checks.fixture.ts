// What every architecture of this package must keep, as functions for the tests beside them.
import { type Discriminator, type ForwardOptions, type Generator, type Network, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** Trainable numbers of a network. */
export function parameterCount({ variables }: Network): number {
  return variables.filter(({ trainable }) => trainable).reduce((sum, { variable }) => sum + variable.size, 0);
}

/** The bytes of every variable. */
export function bytes({ variables }: Network): number[][] {
  return variables.map(({ variable }) => [...variable.dataSync()]);
}

/** The names of the variables that `run` changes. */
export function changedBy(network: Network, run: () => void): string[] {
  const before = bytes(network);
  tf.tidy(() => {
    run();
  });
  const after = bytes(network);
  return network.variables.flatMap(({ name }, index) => (after[index]!.join() === before[index]!.join() ? [] : [name]));
}

/** The names of the trainable variables that a sum of squares of `output` does not depend on. */
export function unreached(network: Network, output: () => tf.Tensor): string[] {
  const trainable = network.variables.filter((variable) => variable.trainable);
  return tf.tidy(() => {
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(output())) as tf.Scalar,
      trainable.map(({ variable }) => variable),
    );
    return trainable.flatMap(({ name, variable }) => {
      const gradient = grads[variable.name];
      const largest = gradient === undefined ? 0 : (gradient.abs().max().arraySync() as number);
      return largest > 0 ? [] : [name];
    });
  });
}

/** Moves every trainable variable a little, so that what starts at zero no longer hides what is behind it. */
export function disturb(network: Network, deviation = 0.1): void {
  const random = new RandomStream('disturb');
  for (const { name, variable, trainable } of network.variables) {
    if (!trainable) continue;
    tf.tidy(() => {
      variable.assign(variable.add(random.fork(name).normalTensor(variable.shape, 0, deviation)));
    });
  }
}

interface Pair {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
}

/**
 * Shapes, range, features, gradients, seeds and leaks of a generator and the discriminator that fits it.
 * @param build Makes both from one stream; the same stream must give the same bytes.
 */
export function checkPair(build: (random: RandomStream) => Pair, options: Partial<ForwardOptions> = {}): void {
  const before = tf.memory().numTensors;
  const { generator, discriminator } = build(new RandomStream(1));
  const twin = build(new RandomStream(1));
  const other = build(new RandomStream(2));
  expect(bytes(twin.generator)).toEqual(bytes(generator));
  expect(bytes(twin.discriminator)).toEqual(bytes(discriminator));
  expect(bytes(other.generator)).not.toEqual(bytes(generator));
  expect(bytes(other.discriminator)).not.toEqual(bytes(discriminator));
  for (const network of [generator, discriminator]) {
    const names = network.variables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  const training: ForwardOptions = { training: true, updateState: false, ...options };
  const latent = new RandomStream(3).normalTensor([4, ...generator.latentShape]);
  disturb(generator);
  disturb(discriminator);
  const held = tf.memory().numTensors;
  tf.tidy(() => {
    const samples = generator.generate(latent, training);
    expect(samples.shape).toEqual([4, ...generator.outputShape]);
    expect(samples.abs().max().arraySync()).toBeLessThanOrEqual(1);
    const { logits, features } = discriminator.discriminate(samples, training);
    expect(logits.shape[0]).toBe(4);
    expect(features!.at(-1)!.shape).toHaveLength(2);
    expect(features!.every(({ shape }) => shape[0] === 4)).toBe(true);
    expect(discriminator.heads).toContain('features');
  });
  const judge = () => discriminator.discriminate(generator.generate(latent, training), training).logits;
  expect(unreached(generator, judge)).toEqual([]);
  expect(unreached(discriminator, judge)).toEqual([]);
  expect(changedBy(generator, judge)).toEqual([]);
  expect(changedBy(discriminator, judge)).toEqual([]);
  expect(tf.memory().numTensors).toBe(held);
  latent.dispose();
  for (const pair of [{ generator, discriminator }, twin, other]) {
    pair.generator.dispose();
    pair.discriminator.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
}
