// Parts that do not fit are told when they are put together, in one sentence; parts that do fit are not refused.

import { selectBackend } from '@gankit/backends';
import { codes, conditionalGenerator, dataLabels, projectionDiscriminator } from '@gankit/conditional';
import { type Generator, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { accumulateGradients, adam } from '@gankit/engine';
import { clipWeights, ebgan, gradientPenalty, leastSquares, nonSaturating, r1, twoClassSoftmax } from '@gankit/losses';
import { dcganDiscriminator, heInitialization, initialize, mlpDiscriminator, mlpGenerator } from '@gankit/models';
import {
  adaptiveAugment,
  adaptiveSchedule,
  convergenceMonitor,
  generatorAverage,
  pureNoise,
  replayBuffer,
  simultaneousSchedule,
  Trainer,
  type TrainerOptions,
  warmUp,
} from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => selectBackend({ prefer: 'cpu', fallback: false }));

const random = new RandomStream(1);
const generator = () => mlpGenerator({ outputShape: [2], latentSize: 6, hidden: [4], random });
const discriminator = () => mlpDiscriminator({ inputShape: [2], hidden: [4], random });
const told = (inner: Generator) => conditionalGenerator(inner, { classes: 3 });
const judge = () => projectionDiscriminator(discriminator(), { classes: 3, random });

const make = (extra: Partial<TrainerOptions> = {}) =>
  new Trainer({
    generator: generator(),
    discriminator: discriminator(),
    loss: nonSaturating(),
    optimizer: () => adam({ learningRate: 1e-3 }),
    random,
    ...extra,
  });

const images = () => dcganDiscriminator({ inputShape: [8, 8, 1], width: 2, verdict: 'energy', random });
const imageGenerator = () => mlpGenerator({ outputShape: [8, 8, 1], random });

const refused: readonly (readonly [string, () => unknown, string])[] = [
  [
    'a conditioning for players that are told nothing',
    () => make({ conditioning: dataLabels() }),
    'tells the players something that neither mlp-generator nor mlp-discriminator nor a penalty reads',
  ],
  [
    'a conditional generator without conditioning',
    () => make({ generator: told(generator()) }),
    'must be told the class of each sample, but there is no conditioning',
  ],
  [
    'a conditional discriminator without conditioning',
    () => make({ discriminator: judge() }),
    'must be told the class of each sample, but there is no conditioning',
  ],
  [
    'a conditioning that tells the fakes only',
    () => make({ generator: told(generator()), discriminator: judge(), conditioning: codes({ categorical: [3] }) }),
    'must be told the class of each real sample, which the conditioning',
  ],
  [
    'a simultaneous schedule, wrapped, with a replay buffer',
    () =>
      make({
        schedule: warmUp(simultaneousSchedule(), { player: 'discriminator', steps: 50 }),
        negatives: replayBuffer(),
      }),
    "the negatives 'replay-buffer' need alternating updates",
  ],
  [
    'adaptive k with an energy',
    () =>
      make({
        discriminator: mlpDiscriminator({ inputShape: [2], verdict: 'energy', random }),
        loss: ebgan(),
        schedule: adaptiveSchedule(),
      }),
    "the loss 'ebgan' draws no line between real and generated",
  ],
  [
    'adaptive augmentation with an energy',
    () => make({ generator: imageGenerator(), discriminator: adaptiveAugment(images(), { random }), loss: ebgan() }),
    "'adaptive-augment' is steered by the discriminator's accuracy",
  ],
  [
    'two observers of one name',
    () => make({ observers: [convergenceMonitor(), convergenceMonitor({ window: 9 })] }),
    "The observer 'convergence-monitor' is there twice",
  ],
  [
    'an average of another generator',
    () => make({ average: generatorAverage(generator(), { decay: 0.9 }) }),
    'but another generator is trained',
  ],
  [
    'one optimiser for both players',
    () => {
      const optimizer = adam({ learningRate: 1e-3 });
      return make({ optimizer: () => optimizer });
    },
    'Both players have the same optimiser',
  ],
  [
    'a player without an optimiser',
    () => make({ optimizer: undefined, generatorOptimizer: adam({ learningRate: 1e-3 }) }),
    'The discriminator has no optimiser',
  ],
  [
    'a penalty for one number with two units',
    () =>
      make({
        discriminator: mlpDiscriminator({ inputShape: [2], verdict: 'two-class', random }),
        loss: twoClassSoftmax(),
        penalties: [gradientPenalty()],
      }),
    'cannot read two softmax units',
  ],
  ['a penalty twice', () => make({ penalties: [r1(), r1()] }), "The discriminator's penalty 'r1' is there twice"],
  [
    'a constraint twice',
    () => make({ constraints: [clipWeights(), clipWeights()] }),
    "'weight-clipping' is there twice",
  ],
  ['a deviation of uniform noise', () => pureNoise({ standardDeviation: 0.1 }), "add distribution: 'normal'"],
  [
    'a size of the code without an autoencoder',
    () => mlpDiscriminator({ inputShape: [2], codeSize: 3, random }),
    "'codeSize'",
  ],
  [
    'an initialisation that finds no kernel',
    () => initialize([{ name: 'w', variable: tf.variable(tf.zeros([2])), trainable: true }], heInitialization, random),
    "'w'",
  ],
  [
    'an option that does not exist',
    () => make({ penalty: [r1()] } as never),
    "Trainer has no option 'penalty'; did you mean 'penalties'?",
  ],
  ['a required option that is missing', () => mlpGenerator({ random } as never), "'outputShape'"],
];

describe('refused in one sentence', () => {
  test.each(refused)('%s', (_, put, sentence) => {
    expect(put).toThrow(sentence);
    try {
      put();
    } catch (error) {
      expect(error).toMatchObject({ name: 'GanKitError' });
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

describe('right', () => {
  test('the controller of an adaptive augmentation works without being named as an observer', async () => {
    const augmented = adaptiveAugment(dcganDiscriminator({ inputShape: [8, 8, 1], width: 2, random }), {
      random,
      samplesToFull: 100,
      interval: 1,
      probability: 0.5,
    });
    const trainer = make({ generator: imageGenerator(), discriminator: augmented });
    const batches = Array.from({ length: 4 }, () => ({ data: random.uniformTensor([4, 8, 8, 1], -1, 1) }));
    await trainer.train(batches);
    expect(augmented.probability).not.toBe(0.5);
  });

  test('gradients that are collected over several steps count as one update: penalties, average, relative change', async () => {
    const heard: number[] = [];
    const due: boolean[] = [];
    const ratios: boolean[] = [];
    const trainer = make({
      optimizer: () => accumulateGradients(adam({ learningRate: 1e-3 }), 3),
      penalties: [r1({ interval: 2 })],
      average: { update: ({ samples }) => void heard.push(samples) },
      watchEvery: 1,
    });
    for await (const event of trainer.run(ringOfGaussians().batches({ batchSize: 8, random }), { steps: 12 })) {
      if (event.type !== 'step') continue;
      due.push('r1' in event.discriminator!.penalties);
      ratios.push(event.generator!.updateRatio !== undefined);
    }
    expect(heard).toEqual([24, 24, 24, 24]);
    const [yes, no] = [
      [true, true, true],
      [false, false, false],
    ];
    expect(due).toEqual([...yes, ...no, ...yes, ...no]);
    expect(ratios).toEqual([false, false, true, false, false, true, false, false, true, false, false, true]);
  });

  test.each([
    ['least squares', leastSquares()],
    ['non-saturating', nonSaturating()],
  ])('adaptive k with %s', (_, loss) => {
    expect(() => make({ loss, schedule: adaptiveSchedule() })).not.toThrow();
  });

  test('both players start with other kernels when they are made from one stream', async () => {
    const [g, d] = [
      mlpGenerator({ outputShape: [2], latentSize: 2, random }),
      mlpDiscriminator({ inputShape: [2], random }),
    ];
    const first = async ({ variables }: Pick<Generator, 'variables'>) => [...(await variables[0]!.variable.data())];
    expect(g.variables[0]!.variable.shape).toEqual(d.variables[0]!.variable.shape);
    // Both are drawn for the same shape, each with a scale of its own: not even the directions agree.
    const [a, b] = [await first(g), await first(d)];
    const along = a.reduce((sum, value, index) => sum + value * b[index]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
    expect(Math.abs(along)).toBeLessThan(0.5);
  });
});
