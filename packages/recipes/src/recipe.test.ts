// What a recipe may say, what is said of one that is wrong, and what is filled in.
import { readFileSync } from 'node:fs';
import { imageSet } from '@gankit/data';
import { dataSets } from '@gankit/data/node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildRun,
  type DataFacts,
  defineRecipe,
  joinRecipes,
  namedRecipes,
  readRecipe,
  recipeJsonSchema,
  resolveRecipe,
} from './index.ts';

const points: DataFacts = { name: 'ring', kind: 'points', shape: [2], hasModes: true };
const images: DataFacts = {
  name: 'digits',
  kind: 'images',
  shape: [28, 28, 1],
  size: 60_000,
  classes: 10,
  hasModes: false,
};
const pairs: DataFacts = { ...images, name: 'pairs', shape: [64, 64, 3], classes: undefined, pairedShape: [64, 64, 1] };
const ring = { data: { name: 'ring' } };

describe('a recipe is checked as a whole', () => {
  const faultsOf = (value: unknown) =>
    readRecipe(value, { place: 'mine.json', data: dataSets }).then(
      () => [],
      (error: Error) => error.message.split('\n'),
    );

  it.each<[unknown, string[]]>([
    [{}, []],
    [3, ['mine.json: it must be an object, not 3.']],
    [null, ['mine.json: it must be an object, not null.']],
    [[], ['mine.json: it must be an object, not a list.']],
    [
      {
        loss: { name: 'hinj' },
        penalties: [
          { name: 'r1', gamma: -1 },
          { name: 'r1', gama: 1 },
        ],
        steps: 5,
      },
      [
        'mine.json: loss.name is "hinj", and there is no such loss; did you mean \'hinge\'?',
        'mine.json: penalties[0].gamma must be a number of at least 0, not -1.',
        "mine.json: penalties[1].gama is no option of r1; did you mean 'gamma'?",
        'mine.json: steps is no option of a recipe; its options are $schema, version,',
      ],
    ],
    [{ version: 2 }, ['mine.json: version is 2, which is newer than this version of GANKit knows; update it.']],
    [
      { data: { name: 'rign' } },
      ['mine.json: data.name is "rign", and there is no such data set; did you mean \'ring\'?'],
    ],
    [{ data: { name: 'ring', modes: 0 } }, ['mine.json: data.modes must be a whole number from 1 to 10000, not 0.']],
    [{ seed: 1.5 }, ['mine.json: seed must be a whole number of at least 0, not 1.5.']],
    [{ conditioning: { name: 'projection' } }, ['mine.json: conditioning must be a list, not {"name":"projection"}.']],
    [
      { optimizers: { generator: { name: 'adam', rate: { name: 'linear', hold: 2 } } } },
      ['mine.json: optimizers.generator.rate.hold must be a number from 0 to 1, not 2.'],
    ],
    [{ extends: 7 }, ['mine.json: extends must be the name or the path of a recipe, or a list of such.']],
    [JSON.parse('{"__proto__": {"seed": 3}}'), ['mine.json: __proto__ is no name for an option.']],
    [
      JSON.parse('{"loss": {"name": "hinge", "constructor": 1}}'),
      ['mine.json: loss.constructor is no name for an option.'],
    ],
  ])('%j', async (value, expected) => {
    const faults = await faultsOf(value);
    expect(faults).toHaveLength(expected.length);
    for (const [index, sentence] of expected.entries()) expect(faults[index]).toContain(sentence);
  });

  it('answers anything whatever with sentences', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (value) => {
        for (const sentence of await faultsOf(value)) expect(sentence).toMatch(/^mine\.json/);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('a recipe that extends others', () => {
  const load = (files: Readonly<Record<string, unknown>>) => (reference: string) => {
    if (!(reference in files)) throw new Error(`no ${reference}`);
    return { place: reference, value: files[reference] };
  };

  it('has what they say where it is silent, the later of them first', async () => {
    const files = {
      'a.json': { seed: 3, batchSize: 8, loss: { name: 'minimax', labelSmoothing: 0.1 }, title: 'A' },
      'b.json': { extends: 'a.json', batchSize: 16, penalties: [{ name: 'r1' }] },
      'c.json': { loss: { name: 'hinge' } },
    };
    const read = (value: unknown) => readRecipe(value, { load: load(files) });
    expect(await read({ extends: 'b.json' })).toEqual({
      seed: 3,
      batchSize: 16,
      loss: { name: 'minimax', labelSmoothing: 0.1 },
      penalties: [{ name: 'r1' }],
    });
    // A part of another name takes nothing over; null takes away.
    expect(await read({ extends: ['b.json', 'c.json'], penalties: null, title: 'Mine' })).toEqual({
      seed: 3,
      batchSize: 16,
      loss: { name: 'hinge' },
      title: 'Mine',
    });
    expect(await read({ extends: 'a.json', loss: { name: 'minimax', smoothing: 'symmetric' } })).toMatchObject({
      loss: { name: 'minimax', labelSmoothing: 0.1, smoothing: 'symmetric' },
    });
  });

  it('says a circle, a chain without end, and what is not there', async () => {
    const circle = { 'a.json': { extends: 'b.json' }, 'b.json': { extends: 'a.json' } };
    await expect(readRecipe({ extends: 'a.json' }, { place: 'mine.json', load: load(circle) })).rejects.toThrow(
      'mine.json extends a.json extends b.json extends a.json: a circle',
    );
    const chain = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`${index}.json`, { extends: `${index + 1}.json` }]),
    );
    await expect(readRecipe({ extends: '0.json' }, { load: load(chain) })).rejects.toThrow(
      'extends more than 16 recipes',
    );
    await expect(readRecipe({ extends: 'dcgna' })).rejects.toThrow(
      "extends 'dcgna', and there is no such recipe; the named ones are digits,",
    );
  });

  it('joins objects and replaces the rest', () => {
    expect(joinRecipes({ a: { b: 1, c: [1, 2] } }, { a: { c: [3], d: null } })).toEqual({ a: { b: 1, c: [3] } });
  });
});

describe('a resolved recipe', () => {
  it('says everything, and resolves to itself', () => {
    for (const [facts, recipe] of [
      [points, ring],
      [images, { data: { name: 'mnist' }, conditioning: [{ name: 'projection' }] }],
      [pairs, { data: { name: 'pairs' } }],
    ] as const) {
      const resolved = resolveRecipe(recipe as never, facts);
      expect(resolveRecipe(resolved as never, facts)).toEqual(resolved);
      expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
      expect(JSON.stringify(resolveRecipe(resolved as never, facts))).toBe(JSON.stringify(resolved));
    }
  });

  it('takes what suits the data and the architecture', () => {
    expect(resolveRecipe(ring as never, points)).toMatchObject({
      generator: { name: 'mlp', latentSize: 16, hidden: [128, 128] },
      discriminator: { name: 'mlp' },
      optimizers: { generator: { name: 'adam', learningRate: 1e-3, beta1: 0.5, rate: { name: 'linear', hold: 0.5 } } },
      stopping: { steps: 5000 },
      metrics: [{ name: 'mode-coverage', samples: 2500 }],
      pictures: { every: 250 },
    });
    expect(resolveRecipe({ data: { name: 'mnist' } }, images)).toMatchObject({
      generator: { name: 'dcgan', width: 32 },
      discriminator: { name: 'dcgan', width: 32 },
      batchSize: 64,
      conditioning: [{ name: 'projection' }],
    });
    expect(resolveRecipe({ data: { name: 'pairs' } }, pairs)).toMatchObject({
      generator: { name: 'unet' },
      discriminator: { name: 'patch' },
      conditioning: [{ name: 'images', norm: 'l1', weight: 100 }],
    });
  });

  it.each<[what: string, recipe: object, facts: DataFacts]>([
    ['nobody wants it', { conditioning: [] }, images],
    ['there are no classes', {}, { ...images, classes: undefined }],
    ['there is one class', {}, { ...images, classes: 1 }],
    ['they are points', {}, { ...points, classes: 8 }],
    ['the loss reads energies', { loss: { name: 'began' } }, images],
    ['the loss reads two units', { loss: { name: 'two-class-softmax' } }, images],
    ['the discriminator judges patches', { discriminator: { name: 'patch' } }, images],
    ['the generator takes a matrix of noise', { generator: { name: 'spatial' } }, images],
  ])('tells no class where %s', (_, recipe, facts) => {
    expect(resolveRecipe({ ...ring, ...recipe } as never, facts).conditioning).toEqual([]);
  });

  it.each(['dcgan', 'mlp', 'r3gan', 'resnet', 'progressive'])('tells the class to both players of %s', (name) => {
    const recipe = resolveRecipe(
      {
        data: { name: 'digits' },
        batchSize: 1,
        generator: { name, ...(name === 'mlp' ? { hidden: [4] } : { width: 8 }) },
      } as never,
      { ...images, shape: [32, 32, 1] },
    );
    expect(recipe.conditioning).toEqual([{ name: 'projection' }]);
    const game = buildRun(
      recipe,
      imageSet({
        name: 'digits',
        shape: [32, 32, 1],
        pixels: new Uint8Array(1024),
        labels: [0],
        classNames: [...'0123456789'],
      }),
    );
    expect(game.trainer.step).toBe(0);
    game.dispose();
  });

  it('keeps what is said, and fills only the rest of a part', () => {
    const recipe = defineRecipe({
      ...ring,
      generator: { name: 'dcgan', latentSize: 12 },
      optimizers: { generator: { name: 'adam', beta1: 0 }, discriminator: { name: 'sgd' } },
      stopping: { steps: 7 },
    });
    expect(resolveRecipe(recipe, images)).toMatchObject({
      generator: { name: 'dcgan', latentSize: 12, width: 32 },
      optimizers: {
        generator: { name: 'adam', learningRate: 2e-3, beta1: 0 },
        discriminator: { name: 'sgd', learningRate: 0.01 },
      },
      pictures: { every: 1 },
    });
  });

  it.each<[object, DataFacts, string]>([
    [{}, points, 'The recipe names no data'],
    [{ ...ring, conditioning: [{ name: 'projection' }] }, points, "needs data with classes, and 'ring' has none"],
    [{ ...ring, conditioning: [{ name: 'images' }] }, images, "needs pairs of images, and 'digits' has none"],
    [{ ...ring, generator: { name: 'unet' } }, images, "turns one image into another; add the conditioning 'images'"],
    [{ ...ring, generator: { name: 'dcgan' }, conditioning: [{ name: 'images' }] }, pairs, 'is told no image'],
  ])('%j is refused', (recipe, facts, message) => {
    expect(() => resolveRecipe(recipe as never, facts)).toThrow(message);
  });
});

describe('named recipes and the JSON Schema', () => {
  const schema = recipeJsonSchema(dataSets);
  const validate = new Ajv2020({ strict: false, logger: false }).compile(schema);

  it.each(Object.entries(namedRecipes))('%s is told, complete and in the schema', async (name, recipe) => {
    expect(recipe.title).toBeTruthy();
    expect(recipe.description).toMatch(/^[^.]+$/);
    expect(recipe.source).toBeTruthy();
    const file = new URL(`../recipes/${name}.json`, import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(recipe);
    expect(validate(recipe), JSON.stringify(validate.errors)).toBe(true);
    await readRecipe({ extends: name }, { data: dataSets });
  });

  it.each([
    { loss: { name: 'hinj' } },
    { penalties: [{ name: 'r1', gama: 1 }] },
    { penalties: [{ name: 'r1', gamma: -1 }] },
    { seed: 1.5 },
    { data: { name: 'rign' } },
    { generater: { name: 'mlp' } },
    { optimizers: { generator: { name: 'adam', rate: { name: 'linear', hold: 2 } } } },
  ])('%j is outside of it', (value) => {
    expect(validate(value)).toBe(false);
  });

  it('is the one that is published (npx tsx scripts/recipe-schema.ts)', () => {
    const published = readFileSync(new URL('../recipe.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});
