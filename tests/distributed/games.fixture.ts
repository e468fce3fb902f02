// Small games for every part of GANKit, played by one process or by several ranks.
import { type Communicator, type DataSource, RandomStream, type StepEvent } from '@gankit/core';
import { imageSet, ringOfGaussians } from '@gankit/data';
import { buildRun, dataFacts, type Recipe, resolveRecipe } from '@gankit/recipes';
import * as tf from '@tensorflow/tfjs';

/** A game to play: a recipe over the smallest one, and how long. */
export interface Game {
  readonly recipe: Readonly<Record<string, unknown>>;
  /** `images` 8x8 with three classes, `large-images` 16x16, `pairs` of those, or `points` of the plane. */
  readonly data: 'images' | 'large-images' | 'pairs' | 'points';
  readonly steps: number;
  /** The backend to play on; plain JavaScript when absent. */
  readonly backend?: string | undefined;
}

/** All that a game leaves: every tensor of the trainer's state, and the numbers of its last step. */
export interface Outcome {
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly last: StepEvent;
}

const count = 48;

const pixels = (side: number, seed: number) => {
  const random = new RandomStream(seed);
  return Uint8Array.from({ length: count * side * side }, () => random.integer(256));
};

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
export async function play(
  { recipe, data, steps, backend = 'cpu' }: Game,
  communicator?: Communicator,
): Promise<Outcome> {
  if (backend === 'onnx') await import('@gankit/backend-onnx');
  await tf.setBackend(backend);
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
  const { tensors = {} } = await run.trainer.saveState();
  run.dispose();
  const numbers = Object.entries(tensors).map(
    ([name, stored]) => [name, Array.from(stored.data as Float32Array)] as const,
  );
  return { tensors: Object.fromEntries(numbers), last: last! };
}

/** Plays game after game; a failure is told in its place. */
export async function playAll(games: readonly Game[], communicator?: Communicator): Promise<(Outcome | string)[]> {
  const outcomes: (Outcome | string)[] = [];
  for (const game of games) {
    outcomes.push(await play(game, communicator).catch((error: Error) => `${error.message}\n${error.stack}`));
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
