// A training loop by hand, from the two update functions: no trainer, nothing hidden.
//
//   npx tsx examples/hand-written-loop.ts
import { RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam, selectBackend } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { drawLatent, readMeasurements, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

await selectBackend();
const random = new RandomStream(1);
const generator = mlpGenerator({ outputShape: [2], random: random.fork('generator') });
const discriminator = mlpDiscriminator({ inputShape: [2], random: random.fork('discriminator') });
const generatorOptimizer = adam({ learningRate: 1e-3, beta1: 0.5 });
const discriminatorOptimizer = adam({ learningRate: 1e-3, beta1: 0.5 });

const steps = Number(process.env['STEPS'] ?? 1000);
let step = 0;
for await (const { data: real, labels } of ringOfGaussians().batches({ batchSize: 128, random: random.fork('data') })) {
  const latent = drawLatent(generator, 128, random);
  const game = { generator, discriminator, loss: nonSaturating(), real, latent, random, step };
  const updates = [
    updateDiscriminator({ ...game, optimizer: discriminatorOptimizer }),
    updateGenerator({ ...game, optimizer: generatorOptimizer }),
  ];
  tf.dispose([real, latent, labels ?? []]);
  const [ofDiscriminator, ofGenerator] = await readMeasurements(updates);
  if (++step % Math.ceil(steps / 5) === 0) {
    console.log(`step ${step}: D ${ofDiscriminator?.loss.toFixed(3)}, G ${ofGenerator?.loss.toFixed(3)}`);
  }
  if (step === steps) break;
}
const points = tf.tidy(() => generator.generate(drawLatent(generator, 1000, random), { training: false }));
const radius = tf.tidy(() => tf.mean(tf.norm(points, 2, 1)));
console.log(`generated points lie ${(await radius.data())[0]?.toFixed(2)} from the centre, the ring 0.95`);
tf.dispose([points, radius]);
console.log(`${tf.memory().numTensors} tensors are left`);
