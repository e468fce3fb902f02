import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSweep } from './read-sweep.ts';
import type { WrittenSweep } from './sweep.ts';
import { runNumber, trialAt, trialsOf } from './trial.ts';

const written = (changes: Partial<WrittenSweep> = {}): WrittenSweep => ({
  format: 'gankit-sweep',
  version: 1,
  base: { extends: 'ring', stopping: { steps: 900 }, penalties: [{ name: 'r1', gamma: 1 }] },
  ...changes,
});
const losses = { name: 'loss', paths: ['loss'], values: [{ name: 'hinge' }, { name: 'wasserstein' }] };
const rates = {
  name: 'rate',
  paths: ['optimizers.generator.learningRate', 'optimizers.discriminator.learningRate'],
  values: [1e-4, 2e-4, 4e-4],
};
const range = { name: 'gamma', paths: ['penalties[0].gamma'], from: 0.01, to: 10, scale: 'log' as const };

describe('a grid', () => {
  it('has every combination once, and each is the base with its values in their places', async () => {
    const { configurations, trials } = await readSweep(written({ vary: [losses, rates], seeds: [3, 5] }));
    expect(trials).toBe(12);
    expect(configurations.map(({ values }) => values)).toEqual(
      ['hinge', 'wasserstein'].flatMap((loss) => ['0.0001', '0.0002', '0.0004'].map((rate) => ({ loss, rate }))),
    );
    const { recipe } = configurations[4]!;
    expect(recipe).toMatchObject({ loss: { name: 'wasserstein' }, data: { name: 'ring' }, stopping: { steps: 900 } });
    // Joined with what stands there: the rest of each optimiser is the base's.
    for (const player of ['generator', 'discriminator'] as const) {
      expect(recipe.optimizers?.[player]).toMatchObject({ name: 'adam', learningRate: 2e-4, beta1: 0.5 });
    }
  });

  it('lays whole recipes over the base, which may take away', async () => {
    const { configurations } = await readSweep(
      written({
        vary: [
          {
            name: 'game',
            choices: [
              { label: 'with', recipe: {} },
              { label: 'without', recipe: { penalties: null, loss: { name: 'wasserstein' } } },
            ],
          },
        ],
      }),
    );
    expect(configurations.map(({ recipe: { loss, penalties } }) => [loss?.name, penalties?.length])).toEqual([
      ['non-saturating', 1],
      ['wasserstein', undefined],
    ]);
  });

  it('without variables is one configuration', async () => {
    expect(await readSweep(written())).toMatchObject({ trials: 1, configurations: [{ values: {} }] });
  });
});

describe('a random search', () => {
  it('draws within ranges, the same each time, and the first ones stay when more are asked for', async () => {
    const draw = async (configurations: number) =>
      readSweep(written({ vary: [losses, range], search: { name: 'random', configurations, seed: 4 } }));
    const many = await draw(200);
    expect((await draw(20)).configurations).toEqual(many.configurations.slice(0, 20));
    const gammas = many.configurations.map(
      ({ recipe }) => (recipe.penalties as unknown as readonly { readonly gamma: number }[])[0]!.gamma,
    );
    expect(Math.min(...gammas)).toBeGreaterThanOrEqual(0.01);
    expect(Math.max(...gammas)).toBeLessThanOrEqual(10);
    // Even on a logarithmic scale: 200 draws lie below the geometric middle as often as above, within four standard deviations.
    expect(Math.abs(gammas.filter((gamma) => gamma < Math.sqrt(0.1)).length - 100)).toBeLessThan(4 * Math.sqrt(50));
    const hinges = many.configurations.filter(({ values }) => values['loss'] === 'hinge').length;
    expect(Math.abs(hinges - 100)).toBeLessThan(4 * Math.sqrt(50));
  });

  it('draws whole numbers where that is asked', async () => {
    const sizes = { name: 'batch', paths: ['batchSize'], from: 2, to: 5, whole: true };
    const { configurations } = await readSweep(
      written({ vary: [sizes], search: { name: 'random', configurations: 60 } }),
    );
    expect(new Set(configurations.map(({ recipe }) => recipe.batchSize))).toEqual(new Set([2, 3, 4, 5]));
  });
});

describe('trials', () => {
  it('are numbered without gaps, a run for each configuration and seed, whatever the sweep', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 4 }),
        fc.option(fc.record({ first: fc.integer({ min: 1, max: 1200 }), factor: fc.integer({ min: 2, max: 4 }) })),
        async (count, seeds, halving) => {
          const values = Array.from({ length: count }, (_, index) => index + 1);
          const plan = await readSweep(
            written({
              vary: [{ name: 'batch', paths: ['batchSize'], values }],
              seeds,
              goal: { metric: 'mode-coverage.modesFound', better: 'higher' },
              ...(halving === null ? {} : { halving }),
            }),
          );
          const all = plan.rungs.flatMap((_, rung) => trialsOf(plan, rung));
          expect(all.map(({ index }) => index)).toEqual(Array.from({ length: plan.trials }, (_, index) => index));
          const first = trialsOf(plan, 0);
          const runs = first.map(({ place, seedIndex }) => runNumber(plan, place, seedIndex));
          expect(new Set(runs).size).toBe(count * seeds.length);
          expect(first.every(({ seed, seedIndex }) => seeds[seedIndex] === seed)).toBe(true);
          // Each rung has fewer configurations and more steps, and the last one goes to the end.
          for (const [rung, { configurations, steps }] of plan.rungs.entries()) {
            const next = plan.rungs[rung + 1];
            expect(next === undefined).toBe(steps === undefined);
            if (next === undefined) continue;
            expect(next.configurations).toBeLessThan(configurations);
            expect(next.steps ?? 900).toBeGreaterThan(steps!);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('of the number that is not there is refused', async () => {
    const plan = await readSweep(written({ vary: [losses] }));
    expect(() => trialAt(plan, 2)).toThrow('The sweep has 2 trials, counted from 0 to 1; there is no trial 2.');
    expect(() => trialAt(plan, -1)).toThrow('must be a whole number of at least 0');
  });

  it('halve: nine configurations with 100 steps, three with 300, one to the end', async () => {
    const values = Array.from({ length: 9 }, (_, index) => index + 1);
    const { rungs, trials } = await readSweep(
      written({
        vary: [{ name: 'batch', paths: ['batchSize'], values }],
        seeds: [1, 2],
        halving: { first: 100 },
        goal: { metric: 'mode-coverage.modesFound' },
      }),
    );
    expect(rungs).toEqual([
      { steps: 100, configurations: 9, first: 0 },
      { steps: 300, configurations: 3, first: 18 },
      { configurations: 1, first: 24 },
    ]);
    expect(trials).toBe(26);
  });
});

it('everything that is wrong is said, with its place', async () => {
  const refused = async (changes: object, message: string) =>
    expect(readSweep({ ...written(), ...changes }, { place: 's.json' }), message).rejects.toThrow(message);
  await refused({ format: 'x' }, 's.json: format must be "gankit-sweep", not "x".');
  await refused({ version: 2 }, 's.json: version is 2, which is newer');
  await refused({ seed: [1] }, "s.json: seed is no option of a sweep; did you mean 'seeds'?");
  await refused({ seeds: [] }, 's.json: seeds must have at least one of seeds.');
  await refused({ seeds: [1, 2, 1] }, 's.json: seeds has 1 twice');
  await refused({ vary: [{ name: 'x' }] }, 's.json: vary[0].paths is missing.');
  await refused({ vary: [{ ...losses, pahts: [] }] }, "did you mean 'paths'?");
  await refused({ vary: [losses, losses] }, "two variables named 'loss'");
  await refused({ vary: [range] }, "A grid has no values to take from the range of 'gamma'");
  await refused({ vary: [{ ...range, from: 0 }], search: { name: 'random', configurations: 2 } }, 'numbers over 0');
  await refused({ vary: [{ ...range, paths: ['penalties[4].gamma'], values: [1], from: undefined }] }, 'vary[0].');
  await refused({ vary: [{ name: 'p', paths: ['penalties[1].gamma'], values: [1] }] }, 'the list there has 1 entries');
  await refused({ vary: [{ name: 'p', paths: ['seed.x'], values: [1] }], base: { seed: 3 } }, '3 has nothing inside');
  await refused({ search: { name: 'gird' } }, 'search');
  await refused({ halving: { first: 100 } }, 'halving needs a goal');
  await refused(
    { halving: { first: 100 }, goal: { metric: 'mode-coverage.x' }, base: { data: { name: 'ring' } } },
    'halving needs one stopping.steps',
  );
  await refused({ goal: { metric: 'fid.value' } }, "the goal is 'fid.value', which no metric of the recipe measures");
  await refused({ base: { extends: 'rign' } }, "extends 'rign', and there is no such recipe");
  await refused(
    { base: { generater: {} } },
    "s.json, base: generater is no option of a recipe; did you mean 'generator'?",
  );
  await refused(
    { vary: [{ name: 'loss', paths: ['loss'], values: [{ name: 'hinge' }, { name: 'hing' }] }] },
    `s.json, loss hing: loss.name is "hing", and there is no such loss; did you mean 'hinge'?`,
  );
  await refused({ vary: [{ ...rates, values: [-1] }] }, 'learningRate must be a number');
  await refused({ vary: [{ name: 'p', paths: ['__proto__.x'], values: [1] }] }, 'is no name for an option');
  const hundred = Array.from({ length: 100 }, (_, index) => index);
  const three = ['a', 'b', 'c'].map((name) => ({ name, paths: [name], values: hundred }));
  await refused({ vary: three }, 'The sweep has 1000000 trials; 100000 are the most.');
});
