// A loss of one's own, outside the library: the geometric GAN's idea with a squared hinge. The trainer takes it as it is.
//
//   npx tsx examples/write-your-own-loss.ts

import { selectBackend } from '@gankit/backends';
import { type AdversarialLoss, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

/** L_D = mean relu(1 - r)^2 + mean relu(1 + f)^2, L_G = -mean f. */
const squaredHinge: AdversarialLoss = {
  name: 'squared-hinge',
  decision: { threshold: 0 }, // what accuracy means; leave it out when single outputs mean nothing
  discriminatorLoss: ({ real, fake }) =>
    tf.tidy(() => {
      const missedReal: tf.Scalar = tf.mean(tf.square(tf.relu(tf.sub(1, real.logits))));
      const missedFake: tf.Scalar = tf.mean(tf.square(tf.relu(tf.add(1, fake.logits))));
      return tf.add(missedReal, missedFake);
    }),
  generatorLoss: ({ fake }) => tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(fake.logits))),
};

await selectBackend();
const random = new RandomStream(1);
const trainer = new Trainer({
  generator: mlpGenerator({ outputShape: [2], random }),
  discriminator: mlpDiscriminator({ inputShape: [2], random }),
  loss: squaredHinge,
  optimizer: () => adam({ learningRate: 1e-3, beta1: 0.5 }),
  random: random.fork('training'),
});

const data = ringOfGaussians().batches({ batchSize: 128, random: random.fork('data') });
const steps = Number(process.env['STEPS'] ?? 300);
for await (const event of trainer.run(data, { steps })) {
  if (event.type !== 'step' || event.step % Math.ceil(steps / 6) !== 0) continue;
  const { step, discriminator: d, generator: g } = event;
  console.log(`step ${step}: discriminator ${d?.objective.toFixed(3)}, generator ${g?.objective.toFixed(3)}`);
}
