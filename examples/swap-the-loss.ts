// Trains the same two networks with different losses on a ring of eight Gaussians: only one line changes.
//
//   npx tsx examples/swap-the-loss.ts
import { type AdversarialLoss, type Penalty, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam, selectBackend } from '@gankit/engine';
import { gradientPenalty, hinge, nonSaturating, r1, r2, relativisticPairing, wasserstein } from '@gankit/losses';
import { modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { drawLatent, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const steps = Number(process.env['STEPS'] ?? 500);
const source = ringOfGaussians();

/** Trains from the same seed with one loss, and tells how much of the ring the generator has found. */
async function train(loss: AdversarialLoss, penalties: readonly Penalty[]): Promise<string> {
  const random = new RandomStream(1);
  const generator = mlpGenerator({ outputShape: [2], random: random.fork('generator'), hidden: [64, 64] });
  const discriminator = mlpDiscriminator({ inputShape: [2], random: random.fork('discriminator'), hidden: [64, 64] });
  const generatorOptimizer = adam({ learningRate: 1e-3, beta1: 0.5 });
  const discriminatorOptimizer = adam({ learningRate: 1e-3, beta1: 0.5 });
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    penalties,
    generatorOptimizer,
    discriminatorOptimizer,
    random: random.fork('training'),
  });

  const data = source.batches({ batchSize: 128, random: random.fork('data') });
  for await (const event of trainer.run(data, { steps })) if (event.type === 'end') break;

  const samples = tf.tidy(() =>
    generator.generate(drawLatent(generator, 2500, random.fork('samples')), { training: false }),
  );
  const { modesFound, modes, highQualityShare } = modeCoverage(await samples.data(), {
    modes: source.modes ?? [],
    standardDeviation: source.standardDeviation ?? 1,
    scale: source.scale,
  });
  tf.dispose(samples);
  for (const part of [generator, discriminator, generatorOptimizer, discriminatorOptimizer]) part.dispose();
  return `${modesFound} of ${modes} modes, ${(100 * highQualityShare).toFixed(0)} % of the samples near one`;
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
