// The judge of generators of digits is itself right about real digits, and is who it says it is.
import { createHash } from 'node:crypto';
import { selectBackend } from '@gankit/backends';
import { digitFeatures } from '@gankit/metrics';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { digitWeights } from '../../packages/metrics/src/extractors/digits/digit-weights.ts';
import { testAccuracy } from '../../scripts/mnist-classifier/test-accuracy.ts';

test('the classifier knows as many of the 10,000 test images as it says, and at least 99 %', async () => {
  await selectBackend();
  const extractor = await digitFeatures();
  const before = tf.memory().numTensors;
  const accuracy = await testAccuracy({
    classify: (images) => tf.tidy(() => extractor.extract(images).probabilities!),
  });
  expect(accuracy).toBeGreaterThanOrEqual(0.99);
  // Backends differ in the last bits, which can decide an image or two.
  expect(Math.abs(accuracy - extractor.accuracy)).toBeLessThan(0.0005);
  expect(tf.memory().numTensors).toBe(before);
  extractor.dispose();
});

test('the checksum is that of the weights', () => {
  const bytes = Buffer.from(digitWeights.base64, 'base64');
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(digitWeights.sha256);
});
