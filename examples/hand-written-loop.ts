// A training loop by hand, from the two update functions: no trainer, nothing hidden.
//
//   npx tsx examples/hand-written-loop.ts

import { selectBackend } from '@gankit/backends';
import { disposeBatch, disposeParts, drawLatent, generateSamples, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { readMeasurements, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

await selectBackend();
const random = new RandomStream(1);
const generator = mlpGenerator({ outputShape: [2], random: random.fork('generator') });
const discriminator = mlpDiscriminator({ inputShape: [2], random: random.fork('discriminator') });
const [ofG, ofD] = [adam({ learningRate: 1e-3, beta1: 0.5 }), adam({ learningRate: 1e-3, beta1: 0.5 })];
const loss = nonSaturating();

const steps = Number(process.env['STEPS'] ?? 1000);
let step = 0;
for await (const batch of ringOfGaussians().batches({ batchSize: 128, random })) {
  const latent = drawLatent(generator, 128, random);
  const game = { generator, discriminator, loss, real: batch.data, latent, random, step };
  const updates = [updateDiscriminator({ ...game, optimizer: ofD }), updateGenerator({ ...game, optimizer: ofG })];
  latent.dispose();
  disposeBatch(batch);
  const [d, g] = await readMeasurements(updates);
  if (++step % Math.ceil(steps / 5) === 0) {
    console.log(`step ${step}: D ${d?.objective.toFixed(3)}, G ${g?.objective.toFixed(3)}`);
  }
  if (step === steps) break;
}
const { values } = await generateSamples(generator, 1000, { random });
const radius = tf.tidy(() => tf.mean(tf.norm(tf.tensor2d(values, [1000, 2]), 2, 1)).dataSync()[0]);
console.log(`generated points lie ${radius?.toFixed(2)} from the centre, the ring 0.95`);
disposeParts(generator, discriminator, ofG, ofD);
console.log(`${tf.memory().numTensors} tensors are left`);
