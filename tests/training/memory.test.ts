// A long run holds as many tensors as a short one: models, losses, penalties, optimisers and data together.

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { gradientPenalty, lecam, nonSaturating } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

test.each(['cpu', 'wasm', 'onnx'] as const)('1,000 steps of an MLP GAN on %s', async (backend) => {
  await selectBackend({ prefer: backend, fallback: false });
  const random = new RandomStream(1);
  const source = ringOfGaussians();
  const trainer = new Trainer({
    generator: mlpGenerator({ outputShape: [2], latentSize: 2, hidden: [8], random }),
    discriminator: mlpDiscriminator({ inputShape: [2], hidden: [8], random }),
    loss: nonSaturating(),
    penalties: [gradientPenalty({ interval: 3 }), lecam()],
    generatorOptimizer: adam({ learningRate: 1e-3 }),
    discriminatorOptimizer: adam({ learningRate: 1e-3 }),
    random,
  });
  const counts: number[] = [];
  for await (const event of trainer.run(source.batches({ batchSize: 8, random }), { steps: 1000 })) {
    if (event.type === 'step' && (event.step === 10 || event.step === 1000)) counts.push(tf.memory().numTensors);
  }
  expect(counts).toHaveLength(2);
  expect(counts[1]).toBe(counts[0]);
});

test('a DCGAN step leaves nothing behind', async () => {
  await selectBackend({ prefer: 'wasm', fallback: false });
  const random = new RandomStream(1);
  const trainer = new Trainer({
    generator: dcganGenerator({ outputShape: [16, 16, 1], latentSize: 4, width: 4, random }),
    discriminator: dcganDiscriminator({ inputShape: [16, 16, 1], width: 4, normalization: 'batch', random }),
    loss: nonSaturating(),
    generatorOptimizer: adam({ learningRate: 1e-3 }),
    discriminatorOptimizer: adam({ learningRate: 1e-3 }),
    random,
  });
  const batches = async function* () {
    for (;;) yield { data: random.uniformTensor([4, 16, 16, 1], -1, 1) };
  };
  const counts: number[] = [];
  for await (const event of trainer.run(batches(), { steps: 30 })) {
    if (event.type === 'step' && (event.step === 5 || event.step === 30)) counts.push(tf.memory().numTensors);
  }
  expect(counts[1]).toBe(counts[0]);
});
