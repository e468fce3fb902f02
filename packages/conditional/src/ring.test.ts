// Every way to tell the class, on the ring of eight Gaussians: more than 95 % of what is asked for lands on the mode that was asked for.

import { selectBackend } from '@gankit/backends';
import { type Conditioning, type Discriminator, type Penalty, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating, r1 } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { dataLabels } from './conditioning/data-labels.ts';
import { sampledLabels } from './conditioning/sampled-labels.ts';
import { classAccuracy } from './evaluation/class-accuracy.ts';
import { classification } from './penalties/classification.ts';
import { contrastive2C } from './penalties/contrastive-2c.ts';
import { auxiliaryClassifier } from './players/auxiliary-classifier.ts';
import { concatenatedDiscriminator } from './players/concatenated-discriminator.ts';
import { conditionalGenerator } from './players/conditional-generator.ts';
import { contrastiveDiscriminator } from './players/contrastive-discriminator.ts';
import { projectionDiscriminator } from './players/projection-discriminator.ts';

const ring = ringOfGaussians();
const modes = ring.modes!.map(([x, y]) => [x / ring.scale, y / ring.scale]);
const classes = modes.length;
const hidden = [32, 32];

interface Way {
  readonly discriminator: Discriminator;
  readonly penalties?: readonly Penalty[];
  readonly conditioning?: Conditioning;
  readonly batchSize?: number;
  readonly steps?: number;
}

const points = (random: RandomStream, inputs = 2) => mlpDiscriminator({ inputShape: [inputs], hidden, random });
const both = (penalty: (player: 'discriminator' | 'generator') => Penalty) =>
  (['discriminator', 'generator'] as const).map(penalty);

const ways: Readonly<Record<string, (random: RandomStream) => Way>> = {
  projection: (random) => ({ discriminator: projectionDiscriminator(points(random), { classes, random }) }),
  concatenated: (random) => ({ discriminator: concatenatedDiscriminator(points(random, 2 + classes), { classes }) }),
  'auxiliary classifier': (random) => ({
    discriminator: auxiliaryClassifier(points(random), { classes, random }),
    penalties: both((player) => classification({ player })),
  }),
  contrastive: (random) => {
    const discriminator = contrastiveDiscriminator(points(random), { classes, size: 16, random });
    return {
      discriminator,
      penalties: both((player) => contrastive2C({ player, discriminator })),
      // One sample of each class: then nothing but its class tells a sample where to go.
      conditioning: sampledLabels({ classes, distribution: 'balanced' }),
      batchSize: classes,
      steps: 900,
    };
  },
};

/** The nearest mode, as scores. */
const classify = (samples: tf.Tensor) =>
  tf.neg(
    tf.stack(
      modes.map((mode) => tf.sum(tf.square(tf.sub(samples, tf.tensor1d(mode))), 1)),
      1,
    ),
  );

// Hundreds of steps, which take twice as long on the plain backend.
beforeAll(() => selectBackend());

test.each(Object.keys(ways))('%s', async (name) => {
  const random = new RandomStream(1);
  const inner = mlpGenerator({ outputShape: [2], latentSize: 4 + classes, hidden, random: random.fork('generator') });
  const generator = conditionalGenerator(inner, { classes });
  const way = ways[name]!(random.fork('discriminator'));
  const { discriminator, penalties = [], conditioning = dataLabels(), batchSize = 64, steps = 250 } = way;
  const trainer = new Trainer({
    generator,
    discriminator,
    loss: nonSaturating(),
    penalties: [r1({ gamma: 0.1 }), ...penalties],
    conditioning,
    generatorOptimizer: adam({ learningRate: 2e-3, beta1: 0.5 }),
    discriminatorOptimizer: adam({ learningRate: 2e-3, beta1: 0.5 }),
    random: random.fork('training'),
  });
  const measure = async () => {
    return (await classAccuracy({ generator, classify, classes, perClass: 100, random: random.fork('samples') }))
      .accuracy;
  };
  expect(await measure()).toBeLessThan(0.4);
  const data = ring.batches({ batchSize, random: random.fork('data') });
  await trainer.train(data, { steps });
  const accuracy = await measure();
  expect(accuracy).toBeGreaterThan(0.95);
  generator.dispose();
  discriminator.dispose();
});
