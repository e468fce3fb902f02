// WGAN-GP (Gulrajani 2017) put together from parts: a loss, a penalty, a schedule and two optimisers make the trainer.
//
//   npx tsx examples/wgan-gp-from-parts.ts

import { selectBackend } from '@gankit/backends';
import { generateSamples, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam, linearRate } from '@gankit/engine';
import { gradientPenalty, wasserstein } from '@gankit/losses';
import { modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { fixedSchedule, Trainer } from '@gankit/trainer';

const steps = Number(process.env['STEPS'] ?? 1000);
await selectBackend();
const random = new RandomStream(1);
const source = ringOfGaussians({ standardDeviation: 0.05 });

const generator = mlpGenerator({ outputShape: [2], latentSize: 2, random: random.fork('generator') });
const critic = mlpDiscriminator({ inputShape: [2], random: random.fork('critic') });
const trainer = new Trainer({
  generator,
  discriminator: critic,
  loss: wasserstein(),
  penalties: [gradientPenalty({ weight: 1 })],
  schedule: fixedSchedule({ discriminatorUpdates: 5 }),
  // The rate follows the training step, for both players alike.
  optimizer: () => adam({ learningRate: linearRate({ from: 1e-3, iterations: steps }), beta1: 0, beta2: 0.9 }),
  random: random.fork('training'),
});

for await (const event of trainer.run(source.batches({ batchSize: 128, random: random.fork('data') }), { steps })) {
  if (event.type !== 'step' || event.step % Math.ceil(steps / 5) !== 0) continue;
  console.log(`step ${event.step}: Wasserstein estimate ${(-event.discriminator!.adversarialLoss).toFixed(3)}`);
}

const { values } = await generateSamples(generator, 2500, { random: random.fork('samples') });
const { modes = [], standardDeviation = 1, scale } = source;
const coverage = modeCoverage(values, { modes, standardDeviation, scale });
console.log(`${coverage.modesFound} of ${coverage.modes} modes, reverse KL ${coverage.reverseKl.toFixed(2)}`);
console.log(`${(100 * coverage.highQualityShare).toFixed(0)} % of the samples near one`);
