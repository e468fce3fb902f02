import { RandomStream } from '@gankit/core';
import { loadMnist } from '@gankit/data/node';
import * as tf from '@tensorflow/tfjs';
import type { DigitClassifier } from './network.ts';

/** Share of MNIST's 10,000 test images that are classified right, 0 to 1. */
export async function testAccuracy(classifier: Pick<DigitClassifier, 'classify'>): Promise<number> {
  const source = await loadMnist({ split: 'test' });
  const batchSize = 500;
  const batches = source.batches({ batchSize, random: new RandomStream(1) });
  let right = 0;
  for (let seen = 0; seen < source.size!; seen += batchSize) {
    const { data, labels } = (await batches.next()).value!;
    const found = tf.tidy(() => classifier.classify(data).argMax(1).equal(labels!).sum());
    right += (await found.data())[0]!;
    tf.dispose([data, labels!, found]);
  }
  return right / source.size!;
}
