// A generator that makes what it is asked for, from unconditional parts: two MLPs and a loss that know nothing of classes, a wrapper
// around each player, and the labels of the data. Prints how many of the samples asked of each class are nearest to that class's mode.
//
//   npx tsx examples/conditional-from-parts.ts

import { selectBackend } from '@gankit/backends';
import { classAccuracy, conditionalGenerator, dataLabels, projectionDiscriminator } from '@gankit/conditional';
import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating, r1 } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const steps = Number(process.env['STEPS'] ?? 1000);
const ring = ringOfGaussians();
const modes = (ring.modes ?? []).map(([x, y]) => [x / ring.scale, y / ring.scale]);
const classes = modes.length;

await selectBackend();
const random = new RandomStream(1);
const width = [64, 64];
const latentSize = 4;
const generator = conditionalGenerator(
  mlpGenerator({ outputShape: [2], latentSize: latentSize + classes, hidden: width, random: random.fork('generator') }),
  { classes },
);
const discriminator = projectionDiscriminator(
  mlpDiscriminator({ inputShape: [2], hidden: width, random: random.fork('discriminator') }),
  { classes, random: random.fork('projection') },
);
const trainer = new Trainer({
  generator,
  discriminator,
  loss: nonSaturating(),
  penalties: [r1({ gamma: 0.1 })],
  conditioning: dataLabels(),
  optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
  random: random.fork('training'),
});

/** The nearest mode, as scores: minus the squared distance from each. */
function classify(samples: tf.Tensor): tf.Tensor {
  const distances = modes.map((mode) => tf.sum(tf.square(tf.sub(samples, tf.tensor1d(mode))), 1));
  return tf.neg(tf.stack(distances, 1));
}

const data = ring.batches({ batchSize: 128, random: random.fork('data') });
for await (const event of trainer.run(data, { steps })) {
  if (event.type !== 'step' || event.step % Math.ceil(steps / 5) !== 0) continue;
  const { accuracy } = await classAccuracy({ generator, classify, classes, random: random.fork('samples') });
  console.log(
    `step ${event.step}: ${(100 * accuracy).toFixed(1)} % of the samples are nearest to the mode that was asked for`,
  );
}
const { perClass, samples } = await classAccuracy({ generator, classify, classes, random: random.fork('samples') });
perClass.forEach((share, label) => {
  console.log(`${ring.classNames?.[label]}: ${(100 * share).toFixed(1)} %`);
});
console.log(`of ${samples} samples`);
