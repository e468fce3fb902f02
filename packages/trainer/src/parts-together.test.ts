import { RandomStream, type TrainingEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batches, descent, linearDiscriminator, linearGenerator, scores, valuesOf } from './linear-players.fixture.ts';
import { annealedNoise } from './negatives/annealed-noise.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { withInstanceNoise } from './negatives/instance-noise.ts';
import { mixedNegatives } from './negatives/mixed-negatives.ts';
import { replayBuffer } from './negatives/replay-buffer.ts';
import { adaptiveSchedule } from './schedules/adaptive-schedule.ts';
import { freezeDiscriminator } from './schedules/freeze-discriminator.ts';
import { warmUp } from './schedules/warm-up.ts';
import { generatorAverage } from './stabilizers/generator-average.ts';
import { topK } from './stabilizers/top-k.ts';
import { Trainer } from './trainer.ts';
import { convergenceMonitor } from './watch/convergence-monitor.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** A game with a part of every kind that has state. */
function game() {
  const random = new RandomStream(6);
  const linear = linearGenerator();
  const generator = {
    ...linear,
    generate: (latent: tf.Tensor) => tf.tidy(() => linear.generate(latent, { training: true })),
  };
  const discriminator = withInstanceNoise(linearDiscriminator(), {
    random,
    standardDeviation: (step) => 0.5 / (1 + step),
  });
  const negatives = mixedNegatives([
    { negatives: replayBuffer({ capacity: 6 }), share: 2 },
    { negatives: annealedNoise({ realShare: (step) => Math.min(1, step / 20) }), share: 1 },
    { negatives: currentGenerator, share: (step) => step / 10 },
  ]);
  const average = generatorAverage(generator, { halfLife: 20, rampUp: 0.5 });
  const schedule = freezeDiscriminator(
    warmUp(adaptiveSchedule({ speed: 4, smoothing: 0.5 }), { player: 'discriminator', steps: 2 }),
    { after: 18 },
  );
  const trainer = new Trainer({
    generator,
    discriminator,
    loss: topK(scores, { steps: 10 }),
    generatorOptimizer: descent(0.05),
    discriminatorOptimizer: descent(0.05),
    random,
    negatives,
    schedule,
    average,
    observers: [convergenceMonitor({ window: 4, equilibriumBand: 0.3, collapseShare: 0.9 })],
    watchEvery: 2,
  });
  return {
    trainer,
    values: () => ({ ...valuesOf(generator), ...valuesOf(discriminator), average: valuesOf(average.generator) }),
    dispose() {
      for (const part of [average, negatives, generator, discriminator]) part.dispose();
    },
  };
}

async function play({ trainer }: ReturnType<typeof game>, data: ReturnType<typeof batches>, steps: number) {
  const events: TrainingEvent[] = [];
  for await (const event of trainer.run(data, { steps })) {
    if (event.type === 'step' || event.type === 'finding') events.push(event);
  }
  return events;
}

test('a game of many parts that is saved and loaded goes on exactly as an unbroken one', async () => {
  const unbroken = game();
  const whole = await play(unbroken, batches(), 24);
  const data = batches();
  const first = game();
  const events = await play(first, data, 11);
  const second = game();
  second.trainer.loadState(await first.trainer.saveState());
  events.push(...(await play(second, data, 13)));
  expect(events).toEqual(whole);
  expect(second.values()).toEqual(unbroken.values());
  expect(whole.some(({ type }) => type === 'finding')).toBe(true);
  const updates = whole.flatMap((event) => (event.type === 'step' ? [event.discriminatorUpdates] : []));
  expect(new Set(updates).size).toBeGreaterThan(2);
  for (const each of [unbroken, first, second]) each.dispose();
});
