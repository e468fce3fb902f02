import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { readMeasurements } from './measurements.ts';
import { judge, type Reading } from './reading.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logistic: Reading = { verdict: 'logit', decision: { threshold: 0 }, probabilities: true };

async function measured(reading: Reading, real: tf.Tensor, fake: tf.Tensor) {
  const [numbers] = await readMeasurements([
    {
      player: 'discriminator',
      reading,
      fromGenerator: true,
      adversarialLoss: tf.scalar(1.5),
      realLogits: real,
      fakeLogits: fake,
      penalties: { r1: tf.scalar(0.25) },
    },
  ]);
  return numbers!;
}

test('logits of any shape become mean scores and accuracies; a verdict on the line is half right', async () => {
  const before = tf.memory().numTensors;
  const real = tf.tensor4d([2, -1, 0, 3], [1, 2, 2, 1]);
  const numbers = await measured(logistic, real, tf.tensor2d([[-100], [100], [-3], [-4]]));
  expect(numbers).toMatchObject({
    player: 'discriminator',
    adversarialLoss: 1.5,
    objective: 1.75,
    penalties: { r1: 0.25 },
  });
  expect(numbers.realScore).toBeCloseTo((sigmoid(2) + sigmoid(-1) + 0.5 + sigmoid(3)) / 4, 6);
  expect(numbers.fakeScore).toBeCloseTo((1 + sigmoid(-3) + sigmoid(-4)) / 4, 6);
  expect(numbers).toMatchObject({ realLogit: 1, realAccuracy: 2.5 / 4, fakeAccuracy: 3 / 4, accuracy: 5.5 / 8 });
  expect(tf.memory().numTensors).toBe(before);
});

test('two units are a softmax, unit 0 for real', async () => {
  const units = tf.tensor2d([
    [1, 3],
    [2, 0],
  ]);
  const numbers = await measured({ ...logistic, verdict: 'two-class' }, units, units.clone());
  expect(numbers.realScore).toBeCloseTo((sigmoid(-2) + sigmoid(2)) / 2, 6);
  expect(numbers).toMatchObject({ realLogit: 0, realAccuracy: 0.5, fakeAccuracy: 0.5 });
});

test('what has no meaning for a loss is absent', async () => {
  const energy: Reading = { verdict: 'energy', decision: 'none', probabilities: false };
  const numbers = await measured(energy, tf.tensor1d([0, 1]), tf.tensor1d([2, 4]));
  expect(Object.keys(numbers).sort()).toEqual(
    ['adversarialLoss', 'fakeLogit', 'objective', 'penalties', 'player', 'realLogit'].sort(),
  );
});

const values = (...numbers: number[]) => Float32Array.from(numbers);
const reading = (decision: Reading['decision']): Reading => ({ verdict: 'logit', decision, probabilities: false });

test('a threshold lies where the loss says, on the side that it says', () => {
  const outputs = { real: values(0.9, 0.4), fake: values(0.1, 0.5) };
  expect(judge(reading({ threshold: 0.5 }), outputs)).toMatchObject({ realAccuracy: 0.5, fakeAccuracy: 0.75 });
  const below = judge(reading({ threshold: 0.5, real: 'below' }), outputs);
  expect(below).toMatchObject({ realAccuracy: 0.5, fakeAccuracy: 0.25, accuracy: 0.375 });
});

test('pairs and means judge differences: a shift of all outputs changes nothing', () => {
  for (const decision of ['pairs', 'above-mean'] as const) {
    const judged = (shift: number) =>
      judge(reading(decision), {
        real: values(3 + shift, 1 + shift, 2 + shift),
        fake: values(shift, 2 + shift, 2 + shift),
      });
    // Pairs: right, wrong, a draw. Means 2 and 4/3: 2 of 3 real ones above 4/3, a fake below 2 and two draws.
    expect(judged(0).accuracy).toBeCloseTo(decision === 'pairs' ? 0.5 : (2 / 3 + 2 / 3) / 2, 9);
    expect(judged(-7).accuracy).toBe(judged(0).accuracy);
    expect(judge(reading(decision), { fake: values(1) })).not.toHaveProperty('accuracy');
  }
});
