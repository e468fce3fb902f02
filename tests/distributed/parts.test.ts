// Every part of GANKit over two processes, against one: the table of docs/scale.md, a test for each of its names.
import { readFileSync } from 'node:fs';
import { conditionings } from '@gankit/conditional/registry';
import { optimizers } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import { discriminators, generators } from '@gankit/models/registry';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';
import { beforeAll, describe, expect, it } from 'vitest';
import { onRanks } from '../../packages/distributed/src/ranks.fixture.ts';
import { type Game, largestDifference, type Outcome, playAll } from './games.fixture.ts';

/** Largest difference of any number of the trainer's state; rounding of sums that are split in another way is a tenth of it. */
const rounding = 2e-6;

const steps = 4;
const together = { generator: { name: 'dcgan', latentSize: 3, width: 2, normalization: 'synchronized-batch' } };
const rate = (learningRate: number) => ({ name: 'sgd', learningRate });
const slowly = { optimizers: { generator: rate(1e-3), discriminator: rate(1e-3) } };

/** What a part needs besides its name. */
const options: Readonly<Record<string, object>> = {
  // Gradients of thousands, whose rounding alone would be more than the bound.
  ebgan: { slowly },
  freeze: { part: { after: 2 } },
  replay: { part: { capacity: 20 } },
  'adaptive-augment': { part: { samplesToFull: 100 } },
  codes: { part: { continuous: 2 } },
};

type Data = Game['data'];

function gamesOf(names: readonly string[], data: Data, recipe: (part: object) => object): Record<string, Game> {
  return Object.fromEntries(
    names.map((name) => {
      const { part = {}, slowly: slower = {} } = (options[name] ?? {}) as { part?: object; slowly?: object };
      return [name, { data, steps, recipe: { ...recipe({ name, ...part }), ...slower } }];
    }),
  );
}

const model = (data: Data, generator: object, discriminator: object = generator): Game => {
  return {
    data,
    steps: 2,
    recipe: { generator: { width: 2, ...generator }, discriminator: { width: 2, ...discriminator } },
  };
};
const patch = { name: 'patch', receptiveField: 16, normalization: 'none' };
const normalized = (normalization: string) => model('large-images', { name: 'dcgan', normalization });

const games: Readonly<Record<string, Game>> = {
  ...gamesOf(losses.names, 'points', (loss) => ({ loss })),
  ...gamesOf(penalties.names, 'images', (penalty) => ({ penalties: [penalty] })),
  // Its gradient is of the size 1 / ratio^2, and a generator of images that has just begun makes all of them alike.
  ...gamesOf(['mode-seeking'], 'points', (penalty) => ({ penalties: [penalty] })),
  ...gamesOf(constraints.names, 'points', (constraint) => ({
    loss: { name: 'wasserstein' },
    constraints: [constraint],
  })),
  ...gamesOf(schedules.names, 'points', (schedule) => ({ schedule })),
  ...gamesOf(negatives.names, 'points', (source) => ({ negatives: source })),
  ...gamesOf(stabilizers.names, 'images', (stabilizer) => ({ stabilizers: [stabilizer] })),
  ...gamesOf(conditionings.names, 'images', (conditioning) => ({ ...together, conditioning: [conditioning] })),
  images: { data: 'pairs', steps: 2, recipe: { discriminator: { width: 2, ...patch } } },
  ...gamesOf(optimizers.names, 'points', (optimizer) => ({
    optimizers: { generator: optimizer, discriminator: optimizer },
  })),
  mlp: { data: 'images', steps, recipe: { generator: { name: 'mlp' }, discriminator: { name: 'mlp' } } },
  dcgan: normalized('synchronized-batch'),
  resnet: model('images', { name: 'resnet', normalization: 'synchronized-batch' }, { name: 'resnet' }),
  r3gan: model('images', { name: 'r3gan' }),
  progressive: {
    ...model('images', { name: 'progressive' }),
    recipe: { ...model('images', { name: 'progressive' }).recipe, batchSize: 16 },
  },
  spatial: model('large-images', { name: 'spatial', normalization: 'none' }, patch),
  patch: model(
    'large-images',
    { name: 'spatial', normalization: 'none' },
    { ...patch, normalization: 'synchronized-batch' },
  ),
  unet: {
    data: 'pairs',
    steps: 2,
    recipe: {
      generator: { name: 'unet', width: 2, normalization: 'synchronized-batch' },
      discriminator: { width: 2, ...patch },
    },
  },
  'synchronized-batch': normalized('synchronized-batch'),
  batch: normalized('batch'),
  instance: normalized('instance'),
  none: normalized('none'),
};

/** The rows of the table: its names, and what it says of them. */
const rows = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, parts, says] = /^\| ([^|]*) \| (exact|own|equal) \|/.exec(line) ?? [];
    if (parts === undefined) return [];
    return [...parts.matchAll(/`([^`]+)`/g)].map(([, name]) => ({ name: name!, says: says! }));
  });

it('the table names every part once', () => {
  const registries = [losses, penalties, constraints, schedules, negatives, stabilizers, conditionings, optimizers];
  const parts = [...registries, generators, discriminators].flatMap(({ names }) => names as readonly string[]);
  const normalizations = ['synchronized-batch', 'batch', 'instance', 'none'];
  expect(rows.map(({ name }) => name).sort()).toEqual([...new Set([...parts, ...normalizations])].sort());
});

describe('two processes against one', () => {
  let alone: (Outcome | string)[] = [];
  let ranks: (Outcome | string)[][] = [];
  const names = Object.keys(games);

  beforeAll(async () => {
    const input = Object.values(games);
    alone = await playAll(input);
    const module = new URL('./games.fixture.ts', import.meta.url);
    ranks = await onRanks(2, { module, name: 'playAll', input, numbers: 100_000 });
  });

  it.each(rows)('$name: $says', ({ name, says }) => {
    const [one, first, second] = [alone, ...ranks].map((outcomes) => outcomes[names.indexOf(name)]!);
    for (const outcome of [one, first, second]) expect(outcome).toBeTypeOf('object');
    const [a, b] = [one as Outcome, first as Outcome];
    expect(second).toEqual(first);
    const { difference, where } = largestDifference(a, b);
    if (says === 'exact') expect(difference, where).toBeLessThan(rounding);
    if (says === 'own') expect(difference, where).toBeGreaterThan(1e-4);
    if (says !== 'exact') return;
    for (const [key, value] of Object.entries(numbersOf(a.last))) {
      expect(numbersOf(b.last)[key], key).toBeCloseTo(value, 4);
    }
  });
});

/** Every number of an event, by path. */
function numbersOf(event: object, path = ''): Record<string, number> {
  return Object.fromEntries(
    Object.entries(event).flatMap(([key, value]): [string, number][] => {
      if (typeof value === 'number') return [[path + key, value]];
      return typeof value === 'object' && value !== null ? Object.entries(numbersOf(value, `${path}${key}.`)) : [];
    }),
  );
}
