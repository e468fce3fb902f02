// Samples are judged in a page as they are in Node.
import { type DataSource, RandomStream } from '@gankit/core';
import { arrayBatches, digitFeatures, evaluate, extractFeatures } from '@gankit/metrics';
import { metrics } from '@gankit/metrics/registry';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';

beforeAll(async () => {
  await tf.setBackend('webgl');
});
afterAll(() => tf.disposeVariables());

/** Pictures of 28 x 28 with a bright square at a random place. */
function pictures(seed: string, count: number): Float32Array {
  const random = new RandomStream(seed);
  const values = new Float32Array(count * 784).fill(-1);
  for (let index = 0; index < count; index++) {
    const [top, left] = [random.integer(20), random.integer(20)];
    for (let y = 0; y < 8; y++)
      values.fill(1, index * 784 + (top + y) * 28 + left, index * 784 + (top + y) * 28 + left + 8);
  }
  return values;
}

test('the classifier of digits is loaded, sets are evaluated, and nothing is left on the graphics card', async () => {
  const tensors = tf.memory().numTensors;
  const extractor = await digitFeatures();
  const of = (name: string, values: Float32Array) =>
    extractFeatures(extractor, arrayBatches(values, [28, 28, 1]), { name });
  const [real, made] = [await of('real', pictures('real', 120)), await of('made', pictures('made', 120))];
  const whole = await evaluate(real, real, { metrics: ['fid', 'prdc', 'modes'] });
  expect(whole.numbers).toMatchObject({ 'fid.distance': 0, 'prdc.precision': 1, 'modes.reverseKl': 0 });
  const { numbers } = await evaluate(real, made, { metrics: ['fid', 'kid', 'inception-score'] });
  expect(numbers['fid.distance']).toBeGreaterThan(0);
  expect(numbers['inception-score.score']).toBeGreaterThanOrEqual(1);
  extractor.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

test('a metric by its name measures a generator of pictures', async () => {
  const values = pictures('data', 60);
  const source = {
    name: 'squares',
    kind: 'images',
    shape: [28, 28, 1],
    size: 60,
    batches: () => arrayBatches(values, [28, 28, 1]),
  } as unknown as DataSource;
  const fid = metrics.create({ name: 'fid', samples: 60, extractor: 'pixels' }, { source });
  expect(await fid.measure(values)).toEqual({ distance: 0 });
});
