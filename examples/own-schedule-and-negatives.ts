// A schedule and a kind of negatives of one's own, neither in the library, and a monitor that says how the game goes.
//
//   npx tsx examples/own-schedule-and-negatives.ts

import { selectBackend } from '@gankit/backends';
import { type Negatives, RandomStream, type UpdateSchedule } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { convergenceMonitor, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

/** The discriminator studies harder while it guesses, and rests every other time once it is too good. */
const tutor: UpdateSchedule = ({ accuracy = 0.5, step }) => {
  if (accuracy < 0.55) return { discriminatorUpdates: 3, generatorUpdates: 1 };
  return { discriminatorUpdates: accuracy > 0.9 && step % 2 === 0 ? 0 : 1, generatorUpdates: 1 };
};

/** Half of the fakes are the generator's, half are real samples that were pushed off their place: near misses to learn from. */
const nearMisses: Negatives = {
  name: 'near-misses',
  fromLatent: false,
  sample({ generator, latent, real, random, step }) {
    const samples = tf.tidy(() => {
      const half = Math.floor(real.shape[0]! / 2);
      const [forGenerator] = tf.split(latent, [half, latent.shape[0]! - half]);
      const [, others] = tf.split(real, [half, real.shape[0]! - half]);
      const fakes = generator.generate(forGenerator!, { training: true, updateState: false, step });
      return tf.concat([fakes, tf.add(others!, random.normalTensor(others!.shape, 0, 0.2))]);
    });
    return { samples, fromLatent: false };
  },
};

await selectBackend();
const random = new RandomStream(1);
const trainer = new Trainer({
  generator: mlpGenerator({ outputShape: [2], random: random.fork('generator') }),
  discriminator: mlpDiscriminator({ inputShape: [2], random: random.fork('discriminator') }),
  loss: nonSaturating(),
  schedule: tutor,
  negatives: nearMisses,
  observers: [convergenceMonitor({ window: 50, equilibriumBand: 0.1 })],
  optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
  random: random.fork('training'),
});

const steps = Number(process.env['STEPS'] ?? 1000);
const stepsWith: Record<number, number> = {};
let findings = 0;
const data = ringOfGaussians().batches({ batchSize: 128, random: random.fork('data') });
for await (const event of trainer.run(data, { steps })) {
  if (event.type === 'finding')
    console.log(`finding ${++findings}, step ${event.step}, ${event.finding}: ${event.reason}`);
  if (event.type === 'step') stepsWith[event.discriminatorUpdates] = (stepsWith[event.discriminatorUpdates] ?? 0) + 1;
}
for (const [updates, count] of Object.entries(stepsWith)) {
  console.log(`${count} of ${steps} steps with ${updates} discriminator updates`);
}
console.log(`the monitor made ${findings} findings`);
