import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { type Measurements, readMeasurements } from './measurements.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

function measured(verdict: Measurements['verdict'], real: tf.Tensor, fake: tf.Tensor): Measurements {
  return {
    player: 'discriminator',
    verdict,
    loss: tf.scalar(1.5),
    realLogits: real,
    fakeLogits: fake,
    penalties: { r1: tf.scalar(0.25) },
  };
}

test('logits of any shape become mean scores and accuracies; a verdict of one half is half right', async () => {
  const before = tf.memory().numTensors;
  const real = tf.tensor4d([2, -1, 0, 3], [1, 2, 2, 1]);
  const [numbers] = await readMeasurements([measured('logit', real, tf.tensor2d([[-100], [100], [-3], [-4]]))]);
  expect(numbers).toMatchObject({ player: 'discriminator', loss: 1.5, penalties: { r1: 0.25 } });
  expect(numbers!.realScore).toBeCloseTo((sigmoid(2) + sigmoid(-1) + 0.5 + sigmoid(3)) / 4, 6);
  expect(numbers!.realAccuracy).toBe(2.5 / 4);
  expect(numbers!.fakeScore).toBeCloseTo((1 + sigmoid(-3) + sigmoid(-4)) / 4, 6);
  expect(numbers!.fakeAccuracy).toBe(3 / 4);
  expect(tf.memory().numTensors).toBe(before);
});

test('two units are a softmax, unit 0 for real', async () => {
  const units = tf.tensor2d([
    [1, 3],
    [2, 0],
  ]);
  const [numbers] = await readMeasurements([measured('two-class', units, units.clone())]);
  expect(numbers!.realScore).toBeCloseTo((sigmoid(-2) + sigmoid(2)) / 2, 6);
  expect(numbers).toMatchObject({ realAccuracy: 0.5, fakeAccuracy: 0.5 });
});

test('an energy is low for real samples, and has no accuracy', async () => {
  const [numbers] = await readMeasurements([measured('energy', tf.tensor1d([0, 1]), tf.tensor1d([2, 4]))]);
  expect(numbers!.realScore).toBeCloseTo((1 + Math.exp(-1)) / 2, 6);
  expect(numbers!.fakeScore).toBeCloseTo((Math.exp(-2) + Math.exp(-4)) / 2, 6);
  expect(numbers).not.toHaveProperty('realAccuracy');
});
