// The judge of conditional generators is itself right about real digits.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@gankit/backends';
import { expect, test } from 'vitest';
import { restoredClassifier } from '../../scripts/mnist-classifier/network.ts';
import { testAccuracy } from '../../scripts/mnist-classifier/test-accuracy.ts';

test('the classifier knows at least 99 % of the 10,000 test images', async () => {
  await selectBackend();
  const path = fileURLToPath(new URL('../../scripts/mnist-classifier/weights.safetensors', import.meta.url));
  const classifier = restoredClassifier(await readFile(path), path);
  expect(await testAccuracy(classifier)).toBeGreaterThanOrEqual(0.99);
  classifier.dispose();
});
