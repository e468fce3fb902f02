// Data that are no images: days of 24 hourly temperatures. A source of one's own is a function that draws samples.
//
//   npx tsx examples/non-image-data.ts

import { selectBackend } from '@gankit/backends';
import { generateSamples, RandomStream } from '@gankit/core';
import { drawnSource } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating, r1 } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const hours = 24;

/** A day in [-1, 1]: a season's level, the sun's wave with its peak in the afternoon, and a little weather. */
function day(random: RandomStream): number[] {
  const level = 0.3 * random.normal();
  const warmth = 0.2 + 0.2 * random.uniform();
  const peak = 15 + random.normal();
  return Array.from({ length: hours }, (_, hour) => {
    const temperature = level + warmth * Math.cos((2 * Math.PI * (hour - peak)) / hours) + 0.02 * random.normal();
    return Math.max(-1, Math.min(1, temperature));
  });
}

const days = drawnSource({
  name: 'days',
  kind: 'sequence',
  shape: [hours],
  draw: (count, random) => ({ data: tf.tensor2d(Array.from({ length: count }, () => day(random))) }),
});

/** What a sensible day looks like in two numbers: how alike neighbouring hours are, and the hour at which it is warmest on average. */
function statistics(rows: Float32Array): { readonly likeness: number; readonly warmest: number } {
  const count = rows.length / hours;
  const at = (row: number, hour: number) => rows[row * hours + hour]!;
  const means = Array.from({ length: hours }, (_, hour) => {
    return Array.from({ length: count }, (__, row) => at(row, hour)).reduce((sum, value) => sum + value, 0) / count;
  });
  const mean = rows.reduce((sum, value) => sum + value, 0) / rows.length;
  let [together, alone] = [0, 0];
  for (let row = 0; row < count; row++) {
    for (let hour = 1; hour < hours; hour++) {
      together += (at(row, hour) - mean) * (at(row, hour - 1) - mean);
      alone += (at(row, hour) - mean) ** 2;
    }
  }
  return { likeness: together / alone, warmest: means.indexOf(Math.max(...means)) };
}

await selectBackend();
const random = new RandomStream(1);
const generator = mlpGenerator({ outputShape: [hours], random: random.fork('generator') });
const discriminator = mlpDiscriminator({ inputShape: [hours], random: random.fork('discriminator') });
const trainer = new Trainer({
  generator,
  discriminator,
  loss: nonSaturating(),
  penalties: [r1({ gamma: 0.1, interval: 4 })],
  optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
  random: random.fork('training'),
});

function report(name: string, rows: Float32Array): void {
  const { likeness, warmest } = statistics(rows);
  console.log(`${name}: neighbouring hours correlate by ${likeness.toFixed(3)}, warmest at ${warmest}:00`);
}
const generated = async () => (await generateSamples(generator, 1000, { random: random.fork('samples') })).values;

report('generated before', await generated());
const steps = Number(process.env['STEPS'] ?? 1000);
await trainer.train(days.batches({ batchSize: 128, random }), { steps });
report('generated after', await generated());
report('real', Float32Array.from(Array.from({ length: 1000 }, () => day(random)).flat()));
