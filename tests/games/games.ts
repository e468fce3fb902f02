// Small games that together use every named part there is, as recipes: each loss with its companions, each penalty, conditioning,
// schedule, kind of negatives, stabiliser, optimiser, course of a rate and architecture. Played on two backends they must agree.
import { conditionings } from '@gankit/conditional/registry';
import { type DataSource, RandomStream } from '@gankit/core';
import { imageSet } from '@gankit/data';
import { distributions } from '@gankit/data/registry';
import { optimizers, rates } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import { discriminators, generators } from '@gankit/models/registry';
import { buildRun, dataFacts, type Recipe, readRecipe, resolveRecipe } from '@gankit/recipes';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';
import * as tf from '@tensorflow/tfjs';

const steps = 2;
const random = new RandomStream('games');
const pixels = (count: number) => Uint8Array.from({ length: count }, () => random.integer(256));

const side = 16;
const images = imageSet({
  name: 'images',
  shape: [side, side, 1],
  pixels: pixels(24 * side * side),
  labels: Uint8Array.from({ length: 24 }, (_, index) => index % 3),
  classNames: ['a', 'b', 'c'],
});
const pairs = imageSet({
  name: 'pairs',
  shape: [32, 32, 1],
  pixels: pixels(8 * 32 * 32),
  images: { shape: [32, 32, 1], pixels: pixels(8 * 32 * 32) },
});
const points = distributions.create({ name: 'two-moons' }, undefined);

/** Plain descent in small steps: the first steps of Adam are signs of gradients, on which no two backends agree near zero. */
const descent = { name: 'sgd', learningRate: 0.01 } as const;

interface Game {
  readonly data: 'points' | 'images' | 'pairs';
  readonly recipe: Partial<Recipe>;
}

const mlp: Partial<Recipe> = { generator: { name: 'mlp', hidden: [8] }, discriminator: { name: 'mlp', hidden: [8] } };
const small: Readonly<Record<string, object>> = {
  dcgan: { width: 8 },
  mlp: { hidden: [8] },
  r3gan: { width: 8, blocksPerStage: 1, channelsPerGroup: 4 },
  resnet: { width: 8 },
  progressive: { width: 8, growUntil: 0 },
  spatial: { width: 8 },
  unet: { width: 8 },
  patch: { width: 8, receptiveField: 16 },
};
const architecture = (name: string) => ({ name, ...small[name] }) as never;
/** Options without defaults. */
const needed: Readonly<Record<string, object>> = {
  freeze: { after: 1 },
  step: { every: 1 },
  exponential: { factor: 0.9 },
  mixed: { capacity: 16 },
  replay: { capacity: 16 },
  'adaptive-augment': { samplesToFull: 8 },
  codes: { categorical: [3] },
};
const part = (name: string) => ({ name, ...needed[name] }) as never;
/** Losses of energies have an autoencoding discriminator. */
const energies = new Set(['ebgan', 'began']);
const images16 = { generator: architecture('dcgan'), discriminator: architecture('dcgan') };

/** Every game by its name. */
export const games: Readonly<Record<string, Game>> = Object.fromEntries<Game>([
  ...losses.names.map((name): [string, Game] => {
    const discriminator = {
      name: 'mlp',
      hidden: [8],
      ...(energies.has(name) && { codeSize: 4 }),
    } as Recipe['discriminator'];
    return [`loss ${name}`, { data: 'points', recipe: { ...mlp, discriminator, loss: part(name) } }];
  }),
  ...penalties.names.map((name): [string, Game] => [
    `penalty ${name}`,
    {
      data: /consistency/.test(name) && name !== 'latent-consistency' ? 'images' : 'points',
      recipe: { penalties: [part(name)] },
    },
  ]),
  ...constraints.names.map((name): [string, Game] => [
    `constraint ${name}`,
    { data: 'points', recipe: { constraints: [part(name)] } },
  ]),
  ...conditionings.names.map((name): [string, Game] =>
    name === 'images'
      ? [
          `conditioning ${name}`,
          {
            data: 'pairs',
            recipe: {
              generator: architecture('unet'),
              discriminator: architecture('patch'),
              conditioning: [part(name)],
            },
          },
        ]
      : [`conditioning ${name}`, { data: 'images', recipe: { ...images16, conditioning: [part(name)] } }],
  ),
  ...conditionings.names
    .filter((name) => name !== 'images')
    .map((name): [string, Game] => [
      `conditioning ${name} of points`,
      { data: 'points', recipe: { conditioning: [part(name)] } },
    ]),
  ...schedules.names.map((name): [string, Game] => [
    `schedule ${name}`,
    { data: 'points', recipe: { schedule: part(name) } },
  ]),
  ...negatives.names.map((name): [string, Game] => [
    `negatives ${name}`,
    { data: 'points', recipe: { negatives: part(name) } },
  ]),
  ...stabilizers.names.map((name): [string, Game] => [
    `stabilizer ${name}`,
    { data: /augment/.test(name) ? 'images' : 'points', recipe: { stabilizers: [part(name)] } },
  ]),
  ...optimizers.names.map((name): [string, Game] => {
    // A large epsilon keeps adaptive steps from being signs.
    const adaptive = name === 'sgd' ? {} : { epsilon: 0.1 };
    const optimizer = { name, learningRate: 0.01, ...adaptive } as never;
    return [
      `optimizer ${name}`,
      { data: 'points', recipe: { optimizers: { generator: optimizer, discriminator: optimizer } } },
    ];
  }),
  ...rates.names.map((name): [string, Game] => {
    const optimizer = { ...descent, rate: part(name) };
    return [
      `rate ${name}`,
      { data: 'points', recipe: { optimizers: { generator: optimizer, discriminator: optimizer } } },
    ];
  }),
  ...generators.names
    .filter((name) => name !== 'unet')
    .map((name): [string, Game] => {
      const judge = (discriminators.names as readonly string[]).includes(name) ? name : 'dcgan';
      return [
        `generator ${name}`,
        { data: 'images', recipe: { generator: architecture(name), discriminator: architecture(judge) } },
      ];
    }),
  ['discriminator patch', { data: 'images', recipe: { ...images16, discriminator: architecture('patch') } }],
]);

/**
 * Plays a game for two steps on the backend in use.
 * @returns All numbers that its steps told, by name.
 */
export async function play({ data, recipe }: Game): Promise<Record<string, number>> {
  const source: DataSource = data === 'points' ? await points : data === 'images' ? images : pairs;
  const base = data === 'points' ? mlp : images16;
  const written = await readRecipe({
    ...base,
    batchSize: data === 'pairs' ? 1 : 8,
    optimizers: { generator: descent, discriminator: descent },
    stopping: { steps },
    watchEvery: 1,
    ...recipe,
    data: { name: source.name },
  });
  const before = tf.memory().numTensors;
  const run = buildRun(resolveRecipe(written, dataFacts(source)), source);
  const told: Record<string, number> = {};
  for await (const event of run.trainer.run(run.batches, { steps, callbacks: run.callbacks })) {
    if (event.type !== 'step') continue;
    for (const player of ['discriminator', 'generator'] as const) {
      const numbers = event[player];
      if (numbers === undefined) continue;
      const { objective, adversarialLoss, penalties: terms } = numbers;
      for (const [name, value] of Object.entries({ objective, adversarialLoss, ...terms })) {
        if (typeof value === 'number') told[`${event.step} ${player} ${name}`] = value;
      }
    }
  }
  run.dispose();
  await run.batches.return?.();
  const left = tf.memory().numTensors - before;
  if (left !== 0) throw new Error(`The game left ${left} tensors behind.`);
  return told;
}
