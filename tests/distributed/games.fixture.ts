// Small games for every part of GANKit, played by one process or by several ranks.
import { type Communicator, type DataSource, RandomStream, type State, type StepEvent } from '@gankit/core';
import { imageSet, ringOfGaussians } from '@gankit/data';
import { batchNormalization } from '@gankit/engine/layers';
import { optimizers } from '@gankit/engine/registry';
import { losses, penalties } from '@gankit/losses/registry';
import { discriminatorFromLayers, generatorFromLayers, glorotInitialization } from '@gankit/models';
import { buildRun, dataFacts, type Recipe, resolveRecipe } from '@gankit/recipes';
import { Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

/** A game to play: a recipe over the smallest one, and how long. */
export interface Game {
  readonly recipe: Readonly<Record<string, unknown>>;
  /** `images` 8x8 with three classes, `large-images` 16x16, `pairs` of those, or `points` of the plane. */
  readonly data: 'images' | 'large-images' | 'pairs' | 'points';
  readonly steps: number;
}

/** All that a game leaves: every tensor of the trainer's state, and the numbers of its last step. */
export interface Outcome {
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly last: StepEvent;
}

const count = 48;

const noise = (length: number, seed: number) => {
  const random = new RandomStream(seed);
  return Uint8Array.from({ length }, () => random.integer(256));
};

const pixels = (side: number, seed: number) => noise(count * side * side, seed);

const images = (side: number) => () =>
  imageSet({
    name: 'images',
    shape: [side, side, 1],
    pixels: pixels(side, 1),
    labels: Uint8Array.from({ length: count }, (_, index) => index % 3),
    classNames: ['a', 'b', 'c'],
  });

const sources: Readonly<Record<Game['data'], () => DataSource>> = {
  points: () => ringOfGaussians(),
  images: images(8),
  'large-images': images(16),
  pairs: () =>
    imageSet({
      name: 'pairs',
      shape: [16, 16, 1],
      pixels: pixels(16, 1),
      images: { shape: [16, 16, 1], pixels: pixels(16, 2) },
    }),
};

const sgd = { name: 'sgd', learningRate: 0.02 };

const dcgan = {
  generator: { name: 'dcgan', latentSize: 3, width: 2, normalization: 'none' },
  discriminator: { name: 'dcgan', width: 2 },
};

const smallest: Readonly<Record<Game['data'], object>> = {
  points: { generator: { name: 'mlp', latentSize: 3, hidden: [16] }, discriminator: { name: 'mlp', hidden: [16] } },
  images: dcgan,
  'large-images': dcgan,
  pairs: {
    generator: { name: 'unet', width: 2, normalization: 'none' },
    discriminator: { name: 'patch', width: 2, normalization: 'none' },
    conditioning: [{ name: 'images' }],
  },
};

/** Plays one game. */
export async function play({ recipe, data, steps }: Game, communicator?: Communicator): Promise<Outcome> {
  await tf.setBackend('cpu');
  const source = sources[data]();
  const whole = {
    data: { name: data },
    batchSize: 12,
    ...smallest[data],
    optimizers: { generator: sgd, discriminator: sgd },
    stopping: { steps: 100 },
    watchEvery: 1,
    ...recipe,
  } as unknown as Recipe;
  const run = buildRun(resolveRecipe(whole, dataFacts(source)), source, { communicator });
  let last: StepEvent | undefined;
  for await (const event of run.trainer.run(run.batches, { steps })) if (event.type === 'step') last = event;
  const tensors = numbersOf(await run.trainer.saveState());
  run.dispose();
  return { tensors, last: last! };
}

function numbersOf({ tensors = {} }: State): Outcome['tensors'] {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [name, Array.from(data as Float32Array)] as const),
  );
}

/** A game of networks without a kink, where rounding stays rounding for twenty steps. */
export interface SmoothGame {
  readonly loss: string;
  readonly penalty: string;
  /** Batch normalisation in both players: over the whole batch, over that of each process, or none. */
  readonly normalization: 'synchronized' | 'own' | 'none';
}

/** The two players: two convolutions each, with hyperbolic tangents. */
function smoothPlayers({ normalization }: SmoothGame) {
  const random = new RandomStream(3);
  const tanh = () => tf.layers.activation({ activation: 'tanh' });
  const normalize = () => {
    return normalization === 'none' ? [] : [batchNormalization({ synchronized: normalization === 'synchronized' })];
  };
  const convolution = { kernelSize: 4, strides: 2, padding: 'same', useBias: true } as const;
  const generator = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [8], units: 4 * 4 * 4 }),
      tf.layers.reshape({ targetShape: [4, 4, 4] }),
      ...normalize(),
      tanh(),
      tf.layers.conv2dTranspose({ ...convolution, filters: 1, activation: 'tanh' }),
    ],
  });
  const discriminator = tf.sequential({
    layers: [
      tf.layers.conv2d({ ...convolution, inputShape: [8, 8, 1], filters: 2 }),
      tanh(),
      tf.layers.conv2d({ ...convolution, filters: 4 }),
      ...normalize(),
      tanh(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  return {
    generator: generatorFromLayers(generator, { initialization: glorotInitialization, random }),
    discriminator: discriminatorFromLayers(discriminator, { initialization: glorotInitialization, random }),
  };
}

/** Plays twenty steps of SGD of a smooth game with 64 samples in a batch. */
export async function playSmooth(game: SmoothGame, communicator?: Communicator): Promise<Outcome> {
  await tf.setBackend('cpu');
  const random = new RandomStream(1);
  const trainer = new Trainer({
    ...smoothPlayers(game),
    loss: losses.create({ name: game.loss } as Parameters<typeof losses.create>[0], { random }),
    penalties: [penalties.create({ name: game.penalty } as Parameters<typeof penalties.create>[0], undefined)],
    optimizer: () => optimizers.create({ name: 'sgd', learningRate: 0.01 }, { steps: 20 }),
    random,
    communicator,
  });
  const source = imageSet({ name: 'images', shape: [8, 8, 1], pixels: noise(128 * 64, 1) });
  const batches = source.batches({ batchSize: 64, random, ...(communicator && { share: communicator }) });
  let last: StepEvent | undefined;
  for await (const event of trainer.run(batches, { steps: 20 })) if (event.type === 'step') last = event;
  const outcome = { tensors: numbersOf(await trainer.saveState()), last: last! };
  trainer.disposeParts();
  return outcome;
}

/** Plays game after game; a failure is told in its place. */
export async function playAll(
  games: readonly (Game | SmoothGame)[],
  communicator?: Communicator,
): Promise<(Outcome | string)[]> {
  const outcomes: (Outcome | string)[] = [];
  for (const game of games) {
    const outcome = 'normalization' in game ? playSmooth(game, communicator) : play(game, communicator);
    outcomes.push(await outcome.catch((error: Error) => `${error.message}\n${error.stack}`));
  }
  return outcomes;
}

/** The largest difference of any two numbers of two outcomes. */
export function largestDifference(a: Outcome, b: Outcome): { readonly difference: number; readonly where: string } {
  let [difference, where] = [0, 'nowhere'];
  for (const [name, values] of Object.entries(a.tensors)) {
    values.forEach((value, index) => {
      const other = Math.abs(value - b.tensors[name]![index]!);
      if (!(other <= difference)) [difference, where] = [other, name];
    });
  }
  return { difference, where };
}
