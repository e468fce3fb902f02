// Gradients collected over several small batches make the same update as one large batch, in both players.
import { type Network, RandomStream } from '@gankit/core';
import { accumulateGradients, clipByGlobalNorm, sgd } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { disposeMeasurements, updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

const batches = 4;
const batch = 8;

function weightsOf({ variables }: Network): number[] {
  return variables.flatMap(({ variable }) => [...variable.dataSync()]);
}

/** Linear players (no hidden layer), equal in every game. */
function game() {
  const random = new RandomStream(3);
  const generator = mlpGenerator({ outputShape: [2], random, latentSize: 3, hidden: [] });
  const discriminator = mlpDiscriminator({ inputShape: [2], random, hidden: [] });
  return { generator, discriminator, loss: nonSaturating(), random };
}

const plain = () => sgd({ learningRate: 0.5 });
// Clipping stands inside: it is the mean gradient that is clipped.
const clipped = () => clipByGlobalNorm(sgd({ learningRate: 10 }), 0.05);

test.each([
  ['the discriminator', updateDiscriminator, 'discriminator', plain],
  ['the discriminator, clipped', updateDiscriminator, 'discriminator', clipped],
  ['the generator', updateGenerator, 'generator', plain],
  ['the generator, clipped', updateGenerator, 'generator', clipped],
] as const)('%s', (_, update, player, optimizer) => {
  const tensors = tf.memory().numTensors;
  const [whole, parts] = [
    { ...game(), optimizer: optimizer() },
    { ...game(), optimizer: accumulateGradients(optimizer(), batches) },
  ];
  const random = new RandomStream(4);
  const before = weightsOf(whole[player]);
  for (let round = 0; round < 2; round++) {
    const real = random.normalTensor([batches * batch, 2], 1);
    const latent = random.normalTensor([batches * batch, 3]);
    disposeMeasurements(update({ ...whole, real, latent }));
    for (let index = 0; index < batches; index++) {
      const rows = (tensor: tf.Tensor) => tf.slice(tensor, [index * batch, 0], [batch, -1]);
      const [someReal, someLatent] = [rows(real), rows(latent)];
      disposeMeasurements(update({ ...parts, real: someReal, latent: someLatent }));
      tf.dispose([someReal, someLatent]);
    }
    tf.dispose([real, latent]);
    expect(parts.optimizer.iterations).toBe(whole.optimizer.iterations);
    const expected = weightsOf(whole[player]);
    weightsOf(parts[player]).forEach((weight, index) => {
      expect(weight).toBeCloseTo(expected[index]!, 5);
    });
  }
  expect(Math.abs(weightsOf(whole[player])[0]! - before[0]!)).toBeGreaterThan(0.01);
  for (const { generator, discriminator, optimizer: used } of [whole, parts]) {
    for (const part of [generator, discriminator, used]) part.dispose();
  }
  expect(tf.memory().numTensors).toBe(tensors);
});
