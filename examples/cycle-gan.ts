// CycleGAN (Zhu 2017) from parts: two generators that translate between two sets of points without pairs, a discriminator for each set.
// The trainer is for games of two; four networks are a loop of `minimize`, which updates any network against any scalar.
//
//   npx tsx examples/cycle-gan.ts

import { selectBackend } from '@gankit/backends';
import { disposeBatch, disposeParts, RandomStream } from '@gankit/core';
import { ringOfGaussians, twoMoons } from '@gankit/data';
import { adam } from '@gankit/engine';
import { leastSquares } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { jointly, minimize } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

await selectBackend();
const steps = Number(process.env['STEPS'] ?? 600);
const random = new RandomStream(1);
const options = (name: string) => ({ hidden: [64, 64], random: random.fork(name) });
// The latent of a translator is a point of the other set.
const toMoons = mlpGenerator({ outputShape: [2], latentSize: 2, ...options('to moons') });
const toRing = mlpGenerator({ outputShape: [2], latentSize: 2, ...options('to ring') });
const judgeOfMoons = mlpDiscriminator({ inputShape: [2], ...options('moons') });
const judgeOfRing = mlpDiscriminator({ inputShape: [2], ...options('ring') });
const loss = leastSquares();
const translators = jointly(toMoons, toRing);
const optimizers = [0, 1, 2].map(() => adam({ learningRate: 1e-3, beta1: 0.5 }));

const pass = { training: true };
const rings = ringOfGaussians().batches({ batchSize: 128, random: random.fork('rings') });
const moons = twoMoons().batches({ batchSize: 128, random: random.fork('moons') });
/** |G(F(x)) - x|: whoever goes there and back should arrive where he started. */
const cycle = (there: typeof toMoons, back: typeof toMoons, x: tf.Tensor) =>
  tf.mean<tf.Scalar>(tf.abs(tf.sub(back.generate(there.generate(x, pass), pass), x)));

for (let step = 1; step <= steps; step++) {
  const [ring, moon] = [(await rings.next()).value, (await moons.next()).value];
  const cycles = () => tf.add(cycle(toMoons, toRing, ring.data), cycle(toRing, toMoons, moon.data)) as tf.Scalar;
  const fooling = (fake: tf.Tensor, judge: typeof judgeOfRing) =>
    loss.generatorLoss({ fake: judge.discriminate(fake, pass) });
  const ofTranslators = minimize(translators, optimizers[0]!, () => {
    const moonsFooled = fooling(toMoons.generate(ring.data, pass), judgeOfMoons);
    const ringFooled = fooling(toRing.generate(moon.data, pass), judgeOfRing);
    return tf.addN([moonsFooled, ringFooled, tf.mul(cycles(), 10)]) as tf.Scalar;
  });
  const ofJudges = (
    [
      [judgeOfMoons, toMoons, moon, ring],
      [judgeOfRing, toRing, ring, moon],
    ] as const
  ).map(([judge, translator, real, source], index) =>
    minimize(judge, optimizers[1 + index]!, () => {
      const fake = judge.discriminate(translator.generate(source.data, pass), pass);
      return loss.discriminatorLoss({ real: judge.discriminate(real.data, pass), fake });
    }),
  );
  if (step % Math.ceil(steps / 5) === 0) {
    const way = tf.tidy(cycles);
    console.log(`step ${step}: ${((await way.data())[0]! / 4).toFixed(3)} off after a way there and back`);
    way.dispose();
  }
  tf.dispose([ofTranslators, ...ofJudges]);
  disposeBatch(ring);
  disposeBatch(moon);
}
disposeParts(toMoons, toRing, judgeOfMoons, judgeOfRing, ...optimizers);
console.log(`${tf.memory().numTensors} tensors are left`);
