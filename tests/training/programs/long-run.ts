// A long run of the trainer with parts that hold tensors of their own. Prints tensors and resident set at the steps it is given.

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { lecam, nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { convergenceMonitor, generatorAverage, replayBuffer, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const looks = process.argv.slice(2).map(Number);
await selectBackend({ prefer: 'onnx', fallback: true });
const random = new RandomStream(1);
const generator = mlpGenerator({ outputShape: [2], hidden: [32, 32], random });
const trainer = new Trainer({
  generator,
  discriminator: mlpDiscriminator({ inputShape: [2], hidden: [32, 32], random }),
  loss: nonSaturating(),
  penalties: [lecam()],
  negatives: replayBuffer({ capacity: 128 }),
  average: generatorAverage(generator, { halfLife: 1000 }),
  observers: [convergenceMonitor()],
  generatorOptimizer: adam({ learningRate: 1e-4 }),
  discriminatorOptimizer: adam({ learningRate: 1e-4 }),
  random,
});

/**
 * The resident set, less the pages that V8 has for young objects and does not use; the least of ten looks, since garbage that waits
 * to be swept is not held.
 */
async function residentSet(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 10; look++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    least = Math.min(least, rss - (heapTotal - heapUsed));
  }
  return least;
}

const found: { step: number; tensors: number; resident: number }[] = [];
const data = ringOfGaussians().batches({ batchSize: 64, random });
for await (const event of trainer.run(data, { steps: Math.max(...looks) })) {
  if (event.type !== 'step' || !looks.includes(event.step)) continue;
  found.push({ step: event.step, tensors: tf.memory().numTensors, resident: await residentSet() });
}
console.log(JSON.stringify(found));
