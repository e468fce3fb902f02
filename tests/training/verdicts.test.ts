// What the trainer tells of the discriminator, for every loss: right, wrong and guessing mean the same for all, or nothing is told.

import { selectBackend } from '@gankit/backends';
import { type AdversarialLoss, type Discriminator, type Generator, RandomStream } from '@gankit/core';
import { adam } from '@gankit/engine';
import { losses } from '@gankit/losses/registry';
import { readMeasurements, updateDiscriminator } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => selectBackend({ prefer: 'cpu', fallback: false }));

const batch = 8;
/** Outputs of a discriminator that is right about everything, by the standard of each loss: [real, generated]. */
const right: Readonly<Record<string, readonly [number, number]>> = {
  'least-squares': [0.9, 0.1],
  'relativistic-pairing': [-3, -5],
  'relativistic-average': [-3, -5],
  'softmax-gan': [-3, -5],
  'dual-contrastive': [-3, -5],
  'f-gan': [1.5, 0.5],
};

/** Real samples are ones, generated ones are zeros; the output depends on that alone. */
function players(loss: AdversarialLoss, [real, fake]: readonly [number, number]) {
  const weight = tf.variable(tf.scalar(0));
  const variables = [{ name: 'w', variable: weight, trainable: true }];
  const of = (logit: tf.Tensor) => (loss.verdict === 'two-class' ? tf.concat([logit, tf.zerosLike(logit)], 1) : logit);
  const discriminator: Discriminator = {
    name: 'constant',
    verdict: loss.verdict,
    inputShape: [1],
    heads: [],
    variables,
    discriminate: (x) => ({
      logits: of(
        x
          .mul(real - fake)
          .add(fake)
          .add(weight),
      ),
    }),
    dispose: () => weight.dispose(),
  };
  const generator: Generator = {
    name: 'zeros',
    latentShape: [1],
    outputShape: [1],
    variables: [],
    generate: (latent) => tf.zerosLike(latent),
    dispose() {},
  };
  return { discriminator, generator };
}

async function measure(loss: AdversarialLoss, outputs: readonly [number, number]) {
  const { discriminator, generator } = players(loss, outputs);
  const optimizer = adam({ learningRate: 1e-9 });
  const [real, latent] = [tf.ones([batch, 1]), tf.zeros([batch, 1])];
  const random = new RandomStream(1);
  const update = updateDiscriminator({ generator, discriminator, loss, optimizer, real, latent, random });
  const [numbers] = await readMeasurements([update]);
  tf.dispose([real, latent]);
  for (const part of [discriminator, optimizer]) part.dispose();
  loss.dispose?.();
  return numbers!;
}

test('there are 14 losses', () => {
  expect(losses.entries).toHaveLength(14);
});

const withoutLine = ['wasserstein', 'ebgan', 'began', 'squared-error'];
const logOdds = ['non-saturating', 'minimax', 'two-class-softmax'];

describe.each(losses.names)('%s', (name) => {
  const make = () => losses.create({ name }, { random: new RandomStream(2) });
  const [real, fake] = right[name] ?? [2, -2];
  const outputs: readonly (readonly [string, readonly [number, number], number])[] = [
    ['right about everything', [real, fake], 1],
    ['wrong about everything', [fake, real], 0],
    ['guessing', [(real + fake) / 2, (real + fake) / 2], 0.5],
  ];
  const isEnergy = withoutLine.includes(name);

  test.each(outputs)('%s', async (_, outputsOf, share) => {
    const pair = isEnergy ? ([Math.abs(outputsOf[0]), Math.abs(outputsOf[1])] as const) : outputsOf;
    const numbers = await measure(make(), pair);
    expect(numbers.fakeLogit).toBeCloseTo(pair[1], 5);
    expect('realScore' in numbers && 'fakeScore' in numbers).toBe(logOdds.includes(name));
    if (isEnergy) {
      expect(Object.keys(numbers).filter((key) => /accuracy/i.test(key))).toEqual([]);
    } else {
      expect(numbers.accuracy).toBe(share);
      for (const key of ['realAccuracy', 'fakeAccuracy'] as const) expect([undefined, share]).toContain(numbers[key]);
    }
  });
});
