import { RandomStream, type StepEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AdaptiveAugmentOptions, adaptiveAugment, adaptiveTransforms } from './adaptive-augment.ts';
import { type ImageJudge, imageJudge, show } from './image-judge.fixture.ts';

let tensors = 0;
let judge: ImageJudge;
let images: tf.Tensor;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  judge = imageJudge(8, 8, 3);
  images = new RandomStream(5).uniformTensor([400, 8, 8, 3], 0.1, 1);
});
afterEach(() => {
  judge.dispose();
  images.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

const make = (options: Partial<AdaptiveAugmentOptions> = {}) =>
  adaptiveAugment(judge, { random: new RandomStream(1), ...options });

const event = (step: number, realAccuracy?: number, samples = 100): StepEvent => ({
  type: 'step',
  step,
  samplesSeen: samples * step,
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  realSamples: samples,
  ...(realAccuracy === undefined
    ? {}
    : { discriminator: { adversarialLoss: 0, objective: 0, penalties: {}, fakeLogit: 0, realAccuracy } }),
});

describe('the controller', () => {
  test('moves the probability by the samples seen, in the direction of the sign', () => {
    const augmented = make({ samplesToFull: 4000, interval: 2, probability: 0.5 });
    const after = (...accuracies: [number, number, number?, number?][]) =>
      accuracies.map(([step, accuracy]) => {
        expect(augmented.controller.observe(event(step, accuracy))).toEqual([]);
        return augmented.probability;
      });
    // r = 2 * .85 - 1 = .7 > .6: up by 200 / 4000; then r = .5: down by as much.
    expect(after([1, 0.8], [2, 0.9], [3, 0.75], [4, 0.75])).toEqual([0.5, 0.55, 0.55, 0.5]);
    augmented.controller.observe(event(5));
    expect(after([6, 0], [7, 0])).toEqual([0.5, expect.closeTo(0.425, 9)]);
  });

  test('goes from 0 to 1 in the samples that it was told, and stays within', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60 }), (accuracies) => {
        const augmented = make({ samplesToFull: 800, interval: 1 });
        let expected = 0;
        accuracies.forEach((accuracy, index) => {
          augmented.controller.observe(event(index + 1, accuracy));
          expected = Math.min(1, Math.max(0, expected + (accuracy === 1 ? 1 : -1) / 8));
          expect(augmented.probability).toBe(expected);
        });
      }),
    );
  });
});

test('with probability 0, and outside training, nothing is changed', () => {
  const real = images.arraySync();
  show(make(), images);
  expect(judge.seen).toEqual(real);
  show(make({ probability: 1 }), images, false);
  expect(judge.seen).toEqual(real);
});

describe('each transform is made of the share of images that the probability says', () => {
  const differs = (a: number[][][], b: number[][][]) => {
    const other = b.flat(2);
    return a.flat(2).some((value, index) => Math.abs(value - other[index]!) > 1e-6);
  };
  /** Of the images that a transform is made of, the share that it really changes. */
  const changing: Partial<Record<(typeof adaptiveTransforms)[number], number>> = {
    flip: 1 / 2,
    'luma-flip': 1 / 2,
    rotation: 3 / 4,
    // Of the two shifts of round(U(-1, 1)) each is 0 with probability 1/2.
    translation: 3 / 4,
  };

  test.each(adaptiveTransforms)('%s', (transform) => {
    const real = images.arraySync() as number[][][][];
    show(make({ transforms: [transform], probability: 0.4 }), images);
    const changed = judge.seen.filter((image, index) => differs(image, real[index]!)).length / 400;
    const expected = 0.4 * (changing[transform] ?? 1);
    // Four standard deviations of the binomial.
    expect(Math.abs(changed - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / 400));
    expect(judge.seen.flat(3).every(Number.isFinite)).toBe(true);
  });
});

test('images that are not square and of one channel work with every transform', () => {
  const wide = imageJudge(3, 6, 1);
  const batch = tf.ones([20, 3, 6, 1]);
  const random = new RandomStream(3);
  const augmented = adaptiveAugment(wide, { random, transforms: adaptiveTransforms, probability: 1 });
  show(augmented, batch);
  expect(wide.seen.flat(3).every(Number.isFinite)).toBe(true);
  batch.dispose();
  augmented.dispose();
});

test('the gradient reaches the samples through every transform: equal to a central difference', () => {
  const small = imageJudge(4, 4, 3);
  const options = { transforms: adaptiveTransforms, probability: 0.9 };
  const score = (x: tf.Tensor) =>
    adaptiveAugment(small, { random: new RandomStream(11), ...options })
      .discriminate(x, { training: true })
      .logits.square()
      .sum() as tf.Scalar;
  const x = new RandomStream(4).uniformTensor([2, 4, 4, 3], -1, 1);
  const gradient = tf.tidy(() => [...tf.grad(score)(x).dataSync()]);
  const values = x.dataSync();
  const scale = Math.max(...gradient.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  for (let index = 0; index < gradient.length; index += 5) {
    const at = (shift: number) =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[index]! += shift;
        return score(tf.tensor(moved, x.shape)).dataSync()[0]!;
      });
    // The score is a polynomial of second degree, for which a central difference is exact.
    expect(Math.abs((at(0.1) - at(-0.1)) / 0.2 - gradient[index]!)).toBeLessThan(0.01 * scale);
  }
  x.dispose();
  small.dispose();
});

test('saved and restored, it goes on as if nothing had happened', async () => {
  const settings = { samplesToFull: 1000, interval: 3, probability: 0.3 };
  const play = (augmented: ReturnType<typeof make>, from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      augmented.controller.observe(event(from + index + 1, ((from + index) % 4) / 3));
      show(augmented, images);
      return [augmented.probability, judge.seen.flat(3).reduce((sum, value) => sum + value, 0)];
    });
  const whole = play(make(settings), 0, 9);
  const [first, second] = [make(settings), make(settings)];
  const parts = play(first, 0, 4);
  second.loadState(JSON.parse(JSON.stringify(await first.saveState())));
  expect([...parts, ...play(second, 4, 9)]).toEqual(whole);
});

test('options that make no sense are refused', () => {
  expect(() => make({ target: 1 })).toThrow('target');
  expect(() => make({ probability: 1.2 })).toThrow('probability');
  expect(() => make({ interval: 0 })).toThrow('interval');
  expect(() => make({ samplesToFull: 0 })).toThrow('samplesToFull');
  expect(() => make({ transforms: ['hue' as 'flip'] })).toThrow("no transform 'hue'; choose from flip, rotation");
  const deep = imageJudge(4, 4, 2);
  expect(() => adaptiveAugment(deep, { random: new RandomStream(1) })).toThrow(
    'but image-judge takes 2; leave it out.',
  );
  deep.dispose();
});
