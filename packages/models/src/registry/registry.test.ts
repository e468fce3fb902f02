// Both players by name: each is built, tried, and comes back from files; what does not fit is one sentence.
import { type Generator, RandomStream } from '@gankit/core';
import { describeOptions, type NamedPart } from '@gankit/core/registry';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeGenerator, encodeGenerator } from '../generator-file.ts';
import * as functions from '../index.ts';
import { buildGenerator, discriminators, generators } from './index.ts';
import { growthOver } from './shared-options.ts';

const random = () => new RandomStream(1);
let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const small: Readonly<Record<string, object>> = {
  mlp: { latentSize: 3 },
  spatial: { width: 4 },
  progressive: { width: 8, latentSize: 3 },
  patch: { width: 8, receptiveField: 16 },
};
const part = (name: string, of: object = { width: 8, latentSize: 3 }) =>
  ({ ...(small[name] ?? of), name }) as NamedPart;

test.each(generators.names.filter((name) => name !== 'unet'))(
  'the generator %s comes back from files',
  async (name) => {
    const specification = { generator: part(name), sampleShape: [16, 16, 1] };
    const generator = buildGenerator(specification, random());
    expect(generator.outputShape).toEqual([16, 16, 1]);
    const latent = random().normalTensor([2, ...generator.latentShape]);
    const generate = (player: Generator) => tf.tidy(() => [...player.generate(latent, { training: false }).dataSync()]);
    const { generator: loaded } = decodeGenerator(await encodeGenerator(generator, { specification }), 'test');
    expect(generate(loaded)).toEqual(generate(generator));
    latent.dispose();
    for (const player of [generator, loaded]) player.dispose();
  },
);

test.each(discriminators.names)('the discriminator %s judges, with features where it has a vector of them', (name) => {
  const named = part(name, { width: 8 });
  const { latentSize, ...options } = named as NamedPart & { readonly latentSize?: number };
  const judge = discriminators.create(options as never, { shape: [16, 16, 1], random: random(), verdict: 'logit' });
  tf.tidy(() => {
    const { logits } = judge.discriminate(tf.zeros([4, 16, 16, 1]), { training: false });
    expect(logits.shape[0]).toBe(4);
    expect(logits.shape.at(-1)).toBe(1);
  });
  judge.dispose();
});

test('a generator that turns images into others says what it is told', () => {
  const unet = generators.create({ name: 'unet', width: 4 }, { shape: [16, 16, 1], random: random() });
  expect(unet.needs).toEqual(['images']);
  expect(generators.entry('unet').toldImages).toBe(true);
  unet.dispose();
});

test.each(['r3gan', 'resnet'] as const)('%s has two-class verdicts, and refuses an energy', (name) => {
  const make = (verdict: 'two-class' | 'energy') =>
    discriminators.create({ name, width: 8 }, { shape: [8, 8, 1], random: random(), verdict });
  const discriminator = make('two-class');
  expect(discriminator.verdict).toBe('two-class');
  discriminator.dispose();
  expect(() => make('energy')).toThrow(`The model '${name}' has no discriminator that gives an energy`);
});

test.each(['dcgan', 'r3gan', 'resnet'] as const)('%s refuses points', (name) => {
  expect(() => generators.create({ name }, { shape: [2], random: random() })).toThrow('not [2]');
  expect(() => discriminators.create({ name }, { shape: [2], random: random(), verdict: 'logit' })).toThrow('not [2]');
});

test('a normalisation goes to those that have one, and is refused by others', () => {
  const context = { shape: [8, 8, 1], random: random(), normalization: 'none' as const };
  generators.create({ name: 'dcgan', width: 4 }, context).dispose();
  expect(() => generators.create({ name: 'mlp' }, context)).toThrow('has no normalisation that could be replaced');
});

test('what is told besides lengthens the latent', () => {
  const generator = generators.create({ name: 'mlp', latentSize: 3 }, { shape: [2], random: random(), moreLatent: 4 });
  expect(generator.latentShape).toEqual([7]);
  generator.dispose();
});

test('growth takes each resolution in turn, and a network that is only used stands at its full size', () => {
  expect(growthOver(0.5, 32, undefined)).toBeUndefined();
  expect(growthOver(0, 32, 100)).toBeUndefined();
  const schedule = growthOver(0.5, 32, 800)!;
  expect([0, 100, 200, 300, 400, 799].map((step) => schedule(step).resolution)).toEqual([4, 8, 16, 32, 32, 32]);
  expect(schedule(400).alpha).toBe(1);
});

test('every option is described, and the defaults that functions say are those of the registry', () => {
  for (const { options } of [...generators.entries, ...discriminators.entries]) {
    for (const { description, type } of describeOptions(options)) {
      expect(description).toMatch(/^[^.]+$/);
      expect(type).not.toBe('other');
    }
  }
  // The registry's widths are for a personal computer where the paper's are not; those of the rest are the functions' own.
  const { mlpGenerator, dcganGenerator } = functions;
  for (const [make, name] of [
    [mlpGenerator, 'mlp'],
    [dcganGenerator, 'dcgan'],
  ] as const) {
    const plain = make({ outputShape: [8, 8, 1], random: random() });
    const named = generators.create({ name }, { shape: [8, 8, 1], random: random() });
    expect(named.variables.map(({ name: variable, variable: { shape } }) => [variable, shape])).toEqual(
      plain.variables.map(({ name: variable, variable: { shape } }) => [variable, shape]),
    );
    plain.dispose();
    named.dispose();
  }
});
