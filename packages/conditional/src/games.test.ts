// Every way to be conditional in a real trainer, with losses and penalties that know nothing of it: it trains, both players learn
// all that they have, a saved run goes on to the same bytes, and nothing is left behind.
import {
  type Batch,
  type Conditioning,
  type Discriminator,
  type Generator,
  type Network,
  type Penalty,
  RandomStream,
} from '@gankit/core';
import { adam } from '@gankit/engine';
import { gradientPenalty, hinge, nonSaturating, r1 } from '@gankit/losses';
import { dcganDiscriminator, dcganGenerator, mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { codes } from './conditioning/codes.ts';
import { combinedConditioning } from './conditioning/combined.ts';
import { dataConditions } from './conditioning/data-conditions.ts';
import { dataLabels } from './conditioning/data-labels.ts';
import { imageCondition } from './conditioning/from-batch.ts';
import { sampledLabels } from './conditioning/sampled-labels.ts';
import { classification } from './penalties/classification.ts';
import { contrastive2C } from './penalties/contrastive-2c.ts';
import { mutualInformation } from './penalties/mutual-information.ts';
import { reconstruction } from './penalties/reconstruction.ts';
import { auxiliaryClassifier } from './players/auxiliary-classifier.ts';
import { codeHead } from './players/code-head.ts';
import { concatenatedDiscriminator } from './players/concatenated-discriminator.ts';
import { conditionalDcganGenerator } from './players/conditional-dcgan.ts';
import { conditionalGenerator } from './players/conditional-generator.ts';
import { contrastiveDiscriminator } from './players/contrastive-discriminator.ts';
import { imageConditionedDiscriminator, imageConditionedGenerator } from './players/image-conditioned.ts';
import { projectionDiscriminator } from './players/projection-discriminator.ts';

interface Game {
  readonly shape: readonly number[];
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly conditioning: Conditioning | undefined;
  readonly penalties: readonly Penalty[];
}

const classes = 3;
const random = () => new RandomStream(1);
const points = (latentSize: number) => mlpGenerator({ outputShape: [2], latentSize, hidden: [8], random: random() });
const judge = (inputs = 2) => mlpDiscriminator({ inputShape: [inputs], hidden: [8, 4], random: random() });
const told = () => conditionalGenerator(points(4 + classes), { classes });
const both = (penalty: (player: 'discriminator' | 'generator') => Penalty) =>
  (['discriminator', 'generator'] as const).map(penalty);

const games: Readonly<Record<string, () => Game>> = {
  concatenated: () => ({
    shape: [2],
    generator: conditionalGenerator(points(4 + 2), { classes, embedding: { size: 2, random: random() } }),
    discriminator: concatenatedDiscriminator(judge(2 + classes), { classes }),
    conditioning: dataLabels(),
    penalties: [gradientPenalty()],
  }),
  projection: () => ({
    shape: [2],
    generator: told(),
    discriminator: projectionDiscriminator(judge(), { classes, random: random(), spectralNorm: true }),
    conditioning: sampledLabels({ classes, distribution: 'balanced' }),
    penalties: [r1({ gamma: 1 })],
  }),
  'auxiliary classifier': () => ({
    shape: [2],
    generator: told(),
    discriminator: auxiliaryClassifier(judge(), { classes, random: random() }),
    conditioning: sampledLabels({ classes }),
    penalties: both((player) => classification({ player })),
  }),
  contrastive: () => {
    const discriminator = contrastiveDiscriminator(judge(), { classes, size: 5, random: random() });
    const penalties = both((player) => contrastive2C({ player, discriminator }));
    return { shape: [2], generator: told(), discriminator, conditioning: dataLabels(), penalties };
  },
  InfoGAN: () => {
    const parts = { categorical: [3], continuous: 1 };
    return {
      shape: [2],
      generator: conditionalGenerator(points(4 + 4), { vectors: 4 }),
      discriminator: codeHead(judge(), { codes: parts, hidden: 6, random: random() }),
      conditioning: codes(parts),
      penalties: both((player) => mutualInformation({ player, codes: parts })),
    };
  },
  'classes and codes': () => {
    const parts = { continuous: 2 };
    return {
      shape: [2],
      generator: conditionalGenerator(points(4 + classes + 2), { classes, vectors: 2 }),
      discriminator: codeHead(projectionDiscriminator(judge(), { classes, random: random() }), {
        codes: parts,
        random: random(),
      }),
      conditioning: combinedConditioning(dataLabels(), codes(parts)),
      penalties: both((player) => mutualInformation({ player, codes: parts })),
    };
  },
  'auxiliary classifier and codes': () => {
    const parts = { categorical: [2], continuous: 1 };
    const length = 2 + 1;
    return {
      shape: [2],
      generator: conditionalGenerator(points(4 + classes + length), { classes, vectors: length }),
      discriminator: codeHead(auxiliaryClassifier(judge(), { classes, random: random() }), {
        codes: parts,
        hidden: 6,
        random: random(),
      }),
      conditioning: combinedConditioning(dataLabels({ classes }), codes(parts)),
      penalties: [
        ...both((player) => classification({ player })),
        ...both((player) => mutualInformation({ player, codes: parts })),
      ],
    };
  },
  'conditional DCGAN': () => ({
    shape: [8, 8, 1],
    generator: conditionalDcganGenerator({
      outputShape: [8, 8, 1],
      latentSize: 4,
      width: 4,
      classes,
      random: random(),
    }),
    discriminator: projectionDiscriminator(dcganDiscriminator({ inputShape: [8, 8, 1], width: 4, random: random() }), {
      classes,
      random: random(),
    }),
    conditioning: sampledLabels({ classes, distribution: 'empirical' }),
    penalties: [],
  }),
  'pix2pix, from sketches that are computed': () => ({
    ...translators(),
    conditioning: imageCondition(({ data }) => tf.mean(data, 3, true) as tf.Tensor4D),
  }),
  'pix2pix, from pairs': () => ({ ...translators(), conditioning: dataConditions('images') }),
};

/** Two channels from one, and who judges pairs of both. */
function translators() {
  return {
    shape: [8, 8, 2],
    generator: imageConditionedGenerator(
      // A generator with a map as latent: DCGAN on the flattened map.
      flattening(
        dcganGenerator({ outputShape: [8, 8, 2], latentSize: 8 * 8 * 2, width: 4, random: random() }),
        [8, 8, 2],
      ),
      { channels: 1 },
    ),
    discriminator: imageConditionedDiscriminator(
      dcganDiscriminator({ inputShape: [8, 8, 2 + 1], width: 4, random: random() }),
      { channels: 1 },
    ),
    penalties: [reconstruction({ weight: 1 })],
  };
}

function flattening(inner: Generator, latentShape: readonly number[]): Generator {
  return {
    ...inner,
    latentShape,
    generate: (latent, options) => inner.generate(latent.reshape([latent.shape[0]!, -1]), options),
  };
}

const names = Object.keys(games);

async function* batches(shape: readonly number[]): AsyncGenerator<Batch> {
  const stream = random().fork('data');
  for (;;) {
    const labels = Int32Array.from({ length: 6 }, () => stream.integer(classes));
    yield {
      data: stream.uniformTensor([6, ...shape], -1, 1),
      labels: tf.tensor1d(labels, 'int32'),
      images: stream.uniformTensor([6, 8, 8, 1], -1, 1),
    };
  }
}

function play(game: Game) {
  const optimizers = [adam({ learningRate: 1e-2 }), adam({ learningRate: 1e-2 })] as const;
  const loss = game.penalties.some(({ name }) => name === 'gradient-penalty') ? hinge() : nonSaturating();
  const { shape: _, ...parts } = game;
  const trainer = new Trainer({
    ...parts,
    loss,
    generatorOptimizer: optimizers[0],
    discriminatorOptimizer: optimizers[1],
    random: random().fork('training'),
  });
  const dispose = () => {
    for (const part of [game.generator, game.discriminator, ...optimizers]) part.dispose();
  };
  return { trainer, dispose };
}

const values = (network: Network) => network.variables.map(({ variable }) => [...variable.dataSync()]);
const weights = (network: Network) =>
  network.variables
    .filter(({ trainable }) => trainable)
    .map(({ name, variable }) => [name, [...variable.dataSync()]] as const);

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test.each(names)('%s: every weight of both players learns, and steps leave nothing behind', async (name) => {
  const game = games[name]!();
  const { trainer, dispose } = play(game);
  const data = batches(game.shape);
  const before = [game.generator, game.discriminator].flatMap(weights);
  const counts: number[] = [];
  for await (const event of trainer.run(data, { steps: 4 })) {
    if (event.type === 'step') counts.push(tf.memory().numTensors);
    if (event.type !== 'step') continue;
    for (const player of ['discriminator', 'generator'] as const) {
      const names = game.penalties.filter((penalty) => penalty.player === player).map((penalty) => penalty.name);
      expect(Object.keys(event[player]!.penalties).sort()).toEqual(names.sort());
      expect(Object.values(event[player]!.penalties).every(Number.isFinite)).toBe(true);
    }
  }
  expect(counts.at(-1)).toBe(counts.at(-2));
  const after = [game.generator, game.discriminator].flatMap(weights);
  const still = before.filter(([, start], index) => start.join() === after[index]![1].join()).map(([key]) => key);
  expect(still).toEqual([]);
  expect(after.flatMap(([, numbers]) => numbers).every(Number.isFinite)).toBe(true);
  dispose();
});

test.each(names)('%s: a saved run goes on to the same bytes', async (name) => {
  const [whole, first, second] = [games[name]!(), games[name]!(), games[name]!()];
  const run = async (game: Game, trainer: Trainer, data: AsyncGenerator<Batch>, steps: number) => {
    await trainer.train(data, { steps });
    return [game.generator, game.discriminator].map(values);
  };
  const unbroken = play(whole);
  const expected = await run(whole, unbroken.trainer, batches(whole.shape), 5);
  const killed = play(first);
  const data = batches(first.shape);
  await run(first, killed.trainer, data, 2);
  const resumed = play(second);
  resumed.trainer.loadState(await killed.trainer.saveState());
  expect(await run(second, resumed.trainer, data, 3)).toEqual(expected);
  for (const each of [unbroken, killed, resumed]) each.dispose();
});

test('the gradient of the mutual information reaches the generator and the head, and each moves its own', async () => {
  const game = games['InfoGAN']!();
  const [discriminatorTerm, generatorTerm] = game.penalties;
  tf.tidy(() => {
    const vectors = tf.tensor2d([[0, 1, 0, 0.5]]);
    const condition = { vectors };
    const gradients = (penalty: Penalty, network: Network) =>
      tf.variableGrads(
        () => {
          const fake = game.generator.generate(tf.ones([1, 4]), { training: true, condition });
          const fakeOutput = game.discriminator.discriminate(fake, { training: true, condition });
          return penalty.term({ fakeOutput, fakeCondition: condition } as never);
        },
        network.variables.map(({ variable }) => variable),
      ).grads;
    const largest = (penalty: Penalty, network: Network, suffix: string) => {
      const { variable } = network.variables.find(({ name }) => name.endsWith(suffix))!;
      return gradients(penalty, network)[variable.name]?.abs().max().dataSync()[0] ?? 0;
    };
    expect(largest(generatorTerm!, game.generator, 'kernel')).toBeGreaterThan(1e-4);
    expect(largest(discriminatorTerm!, game.discriminator, 'code-head.kernel')).toBeGreaterThan(1e-4);
    expect(largest(discriminatorTerm!, game.discriminator, 'code-head.0.kernel')).toBeGreaterThan(1e-4);
  });
  game.generator.dispose();
  game.discriminator.dispose();
});

test('a game without labels, or with a head that is missing, is refused before or at its first step', async () => {
  const game = games['projection']!();
  const { trainer, dispose } = play(game);
  const unlabelled = async function* (): AsyncGenerator<Batch> {
    yield { data: tf.zeros([2, 2]) };
  };
  const first = async () => {
    for await (const event of trainer.run(unlabelled(), { steps: 1 })) if (event.type === 'step') break;
  };
  await expect(first()).rejects.toThrow('The data have no labels, which sampled-labels needs;');
  dispose();
  const headless = { ...games['projection']!(), penalties: [classification({ player: 'generator' as const })] };
  expect(() => play(headless)).toThrow("The penalty 'classification' needs the discriminator's class");
  headless.generator.dispose();
  headless.discriminator.dispose();
});

test('a conditioning that does not tell what a player needs is refused when the parts are put together', () => {
  const { generator, discriminator, ...rest } = games['projection']!();
  const misfits: readonly (readonly [Partial<Game> & { conditioning: Conditioning | undefined }, RegExp])[] = [
    [{ conditioning: undefined }, /class/],
    [{ conditioning: codes({ categorical: [classes] }) }, /class of each real sample/],
    [{ conditioning: imageCondition(() => tf.zeros([6, 1, 1, 1])) }, /class/],
  ];
  for (const [misfit, message] of misfits) {
    expect(() => play({ ...rest, generator, discriminator, ...misfit })).toThrow(message);
  }
  generator.dispose();
  discriminator.dispose();
});

test.each([dataLabels(), dataLabels({ classes })])(
  'a label that is no class does not train in silence',
  async (conditioning) => {
    const game = { ...games['projection']!(), conditioning };
    const { trainer, dispose } = play(game);
    const wrong = async function* (): AsyncGenerator<Batch> {
      yield { data: tf.ones([3, 2]), labels: tf.tensor1d([1, 3, -1], 'int32') };
    };
    const steps: number[] = [];
    const run = async () => {
      for await (const event of trainer.run(wrong(), { steps: 1 })) if (event.type === 'step') steps.push(event.step);
    };
    await expect(run()).rejects.toThrow('was given the label 3 and knows the classes 0 to 2;');
    expect(steps).toEqual([]);
    dispose();
  },
);

test('an auxiliary classifier and codes on one discriminator are learned together', async () => {
  const game = games['auxiliary classifier and codes']!();
  const { trainer, dispose } = play(game);
  const corners = tf.tidy(() => tf.tensor2d([-0.8, -0.8, 0.8, -0.8, 0, 0.8], [classes, 2]));
  const clusters = async function* (): AsyncGenerator<Batch> {
    for await (const batch of batches(game.shape)) {
      const data = tf.tidy(() => tf.add(tf.mul(batch.data, 0.2), tf.gather(corners, batch.labels!)));
      batch.data.dispose();
      yield { ...batch, data };
    }
  };
  const terms: Readonly<Record<string, number[]>> = { classification: [], 'mutual-information': [] };
  for await (const event of trainer.run(clusters(), { steps: 300 })) {
    if (event.type !== 'step') continue;
    for (const [name, values] of Object.entries(terms)) values.push(event.generator!.penalties[name]!);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const values of Object.values(terms)) {
    expect(mean(values.slice(-30))).toBeLessThan(0.7 * mean(values.slice(0, 10)));
  }
  corners.dispose();
  dispose();
});
