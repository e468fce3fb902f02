// Moving averages move once in an update of their own player and in no other (docs/decisions/003).

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator } from '@gankit/models';
import { updateDiscriminator, updateGenerator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

test('only the updated player moves its averages', async () => {
  await selectBackend({ prefer: 'cpu', fallback: false });
  const random = new RandomStream(1);
  const discriminator = dcganDiscriminator({ inputShape: [16, 16, 1], width: 2, normalization: 'batch', random });
  const generator = dcganGenerator({ outputShape: [16, 16, 1], latentSize: 4, width: 2, random });
  const averages = (network: typeof generator | typeof discriminator) =>
    network.variables.filter(({ trainable }) => !trainable).map(({ variable }) => [...variable.dataSync()]);
  const real = random.uniformTensor([4, 16, 16, 1], -1, 1);
  const latent = random.normalTensor([4, 4]);
  const parts = { generator, discriminator, loss: nonSaturating(), real, latent, random };
  const optimizer = () => adam({ learningRate: 1e-3 });

  const start = { generator: averages(generator), discriminator: averages(discriminator) };
  expect(start.generator.length).toBeGreaterThan(0);
  expect(start.discriminator.length).toBeGreaterThan(0);
  updateDiscriminator({ ...parts, optimizer: optimizer() });
  expect(averages(generator)).toEqual(start.generator);
  const afterDiscriminator = averages(discriminator);
  expect(afterDiscriminator).not.toEqual(start.discriminator);
  updateGenerator({ ...parts, optimizer: optimizer() });
  expect(averages(discriminator)).toEqual(afterDiscriminator);
  expect(averages(generator)).not.toEqual(start.generator);
  tf.disposeVariables();
});
