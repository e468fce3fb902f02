// What a gradient penalty of one's own takes with the public parts, against the one of the package.
import type { Penalty, PenaltyContext } from '@gankit/core';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  gradientLength,
  gradientPenalty,
  inputGradient,
  interpolate,
  r1,
  squaredInputGradient,
  stopGradient,
} from './index.ts';

function ownGradientPenalty(): Penalty {
  return {
    name: 'own-gradient-penalty',
    player: 'discriminator',
    weight: 10,
    verdicts: ['logit'],
    term: ({ discriminate, ...context }) =>
      tf.tidy(() => {
        const lengths = gradientLength(inputGradient(discriminate, interpolate(context)));
        return tf.mean<tf.Scalar>(tf.square(tf.sub(lengths, 1)));
      }),
  };
}

/** A critic of images with two layers, and the value of a penalty with its gradient with respect to every weight. */
function evaluate(penalty: Penalty): number[][] {
  const draws = new RandomStream('weights');
  const variables = [
    tf.variable(draws.normalTensor([3, 3, 1, 4])),
    tf.variable(draws.normalTensor([64, 1], 0, 0.3)),
  ] as const;
  const real = draws.normalTensor([5, 4, 4, 1]);
  const fake = draws.normalTensor([5, 4, 4, 1]);
  const discriminate = (x: tf.Tensor) => {
    const [kernel, weights] = variables;
    const hidden = tf.tanh(tf.conv2d(x as tf.Tensor4D, kernel as tf.Variable<tf.Rank.R4>, 1, 'same'));
    return { logits: tf.matMul(hidden.reshape([5, 64]), weights as tf.Tensor2D) };
  };
  const { value, grads } = tf.variableGrads(() => {
    const context: PenaltyContext = {
      step: 0,
      random: new RandomStream('penalty'),
      real,
      fake,
      fakeOutput: discriminate(fake),
      variables: [],
      discriminate,
      generate: (latent) => latent,
    };
    return penalty.term(context);
  }, [...variables]);
  const numbers = [value, ...variables.map(({ name }) => grads[name]!)].map((tensor) => [...tensor.dataSync()]);
  tf.dispose([value, ...Object.values(grads), ...variables, real, fake]);
  return numbers;
}

describe('a penalty of one’s own', () => {
  it('is a gradient penalty in 15 lines, equal to that of the package to the last bit', () => {
    expect(ownGradientPenalty.toString().trim().split('\n').length).toBeLessThanOrEqual(15);
    const own = evaluate(ownGradientPenalty());
    expect(own).toEqual(evaluate(gradientPenalty()));
    expect(own[1]!.some((gradient) => gradient !== 0)).toBe(true);
    expect(ownGradientPenalty().weight).toBe(gradientPenalty().weight);
  });

  it('is R1 in one expression', () => {
    const own: Penalty = {
      name: 'own-r1',
      player: 'discriminator',
      weight: 5,
      term: ({ discriminate, real }) => tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient(discriminate, real))),
    };
    expect(evaluate(own)).toEqual(evaluate(r1()));
  });
});

describe('the public parts', () => {
  it('give the gradient of the sum of a sample’s logits, in the shape of the samples', () => {
    const weights = tf.tensor([1, 2, 3, 4, 5, 6], [3, 2]);
    const samples = tf.tensor([1, 0, 2, -1, 3, 1], [2, 3]);
    // D(x) = sum of (x W)^2: dD/dx = 2 (x W) W^T.
    const discriminate = (x: tf.Tensor) => ({ logits: tf.square(tf.matMul(x as tf.Tensor2D, weights as tf.Tensor2D)) });
    const before = tf.memory().numTensors;
    const gradient = inputGradient(discriminate, samples);
    const squared = squaredInputGradient(discriminate, samples);
    const length = gradientLength(gradient);
    expect(tf.memory().numTensors).toBe(before + 3);
    const rows = [
      [1, 0, 2],
      [-1, 3, 1],
    ].map(([a, b, c]) => {
      const [first, second] = [a! + 3 * b! + 5 * c!, 2 * a! + 4 * b! + 6 * c!];
      return [
        [1, 2],
        [3, 4],
        [5, 6],
      ].map(([w, v]) => 2 * (first * w! + second * v!));
    });
    expect(gradient.arraySync()).toEqual(rows);
    const squares = rows.map((row) => row.reduce((sum, value) => sum + value * value, 0));
    expect(squared.arraySync()).toEqual(squares);
    for (const [index, square] of squares.entries()) {
      expect(length.arraySync()[index]).toBeCloseTo(Math.sqrt(square), 3);
    }
    tf.dispose([gradient, squared, length]);
  });

  it('have a finite length and slope where the gradient is 0', () => {
    const [slope] = tf.grads((g: tf.Tensor) => tf.sum(gradientLength(g)))([tf.zeros([2, 3])]);
    expect([...slope!.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(gradientLength(tf.zeros([2, 3])).dataSync()[0]).toBeCloseTo(1e-5, 8);
  });

  it('interpolate on the line between both samples, with one number for each pair', () => {
    const real = tf.tensor([0, 0, 10, 20], [2, 2]);
    const fake = tf.tensor([1, 2, 30, 60], [2, 2]);
    const random = new RandomStream(5);
    const [first, second] = [interpolate({ real, fake, random }), interpolate({ real, fake, random })];
    const [u, v] = [first.arraySync() as number[][], second.arraySync() as number[][]];
    expect(u[0]![1]).toBeCloseTo(2 * u[0]![0]!, 5);
    expect((u[1]![1]! - 20) / 40).toBeCloseTo((u[1]![0]! - 10) / 20, 5);
    expect(u[0]![0]).toBeGreaterThan(0);
    expect(u[0]![0]).toBeLessThan(1);
    expect(u).not.toEqual(v);
    expect(() => interpolate({ real, fake: tf.zeros([1, 2]), random })).toThrow(
      'real has shape [2, 2] but fake has [1, 2]; they must be the same.',
    );
  });

  it('keep every gradient away from a constant', () => {
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(x, stopGradient(x))))(tf.tensor([3, 4]));
    expect([...gradient.dataSync()]).toEqual([3, 4]);
    const [ofReal] = tf.grads((real: tf.Tensor, fake: tf.Tensor) => {
      const points = interpolate({ real, fake, random: new RandomStream(1) });
      return tf.add(tf.sum(points), tf.mul(0, tf.add(tf.sum(real), tf.sum(fake))));
    })([tf.ones([2, 2]), tf.zeros([2, 2])]);
    expect([...ofReal!.dataSync()]).toEqual([0, 0, 0, 0]);
  });
});
