// Trains the same two networks with different losses on a ring of eight Gaussians: only one line changes.
//
//   npx tsx examples/swap-the-loss.ts

import { selectBackend } from '@gankit/backends';
import { type AdversarialLoss, generateSamples, type Penalty, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { gradientPenalty, hinge, nonSaturating, r1, r2, relativisticPairing, wasserstein } from '@gankit/losses';
import { modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';

const steps = Number(process.env['STEPS'] ?? 500);
const source = ringOfGaussians();

/** Trains from the same seed with one loss, and tells how much of the ring the generator has found. */
async function train(loss: AdversarialLoss, penalties: readonly Penalty[]): Promise<string> {
  const random = new RandomStream(1);
  const generator = mlpGenerator({ outputShape: [2], hidden: [64, 64], random });
  const trainer = new Trainer({
    generator,
    discriminator: mlpDiscriminator({ inputShape: [2], hidden: [64, 64], verdict: loss.verdict, random }),
    loss,
    penalties,
    optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
    random,
  });
  await trainer.train(source.batches({ batchSize: 128, random }), { steps });

  const { values } = await generateSamples(generator, 2500, { random: random.fork('samples') });
  const { modes = [], standardDeviation = 1, scale } = source;
  const { modesFound, highQualityShare } = modeCoverage(values, { modes, standardDeviation, scale });
  trainer.disposeParts();
  return `${modesFound} of ${modes.length} modes, ${(100 * highQualityShare).toFixed(0)} % of the samples near one`;
}

const { backend } = await selectBackend();
console.log(`${steps} steps on the ${backend} backend`);

const games: readonly (readonly [AdversarialLoss, readonly Penalty[]])[] = [
  [nonSaturating(), [r1({ gamma: 0.1 })]],
  [hinge(), [r1({ gamma: 0.1 })]],
  [wasserstein(), [gradientPenalty()]],
  [relativisticPairing(), [r1({ gamma: 0.1 }), r2({ gamma: 0.1 })]],
];
for (const [loss, penalties] of games) {
  const names = [loss.name, ...penalties.map((penalty) => penalty.name)].join(' + ');
  console.log(`${names}: ${await train(loss, penalties)}`);
}
