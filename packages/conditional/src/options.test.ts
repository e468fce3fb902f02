// Plain JavaScript has no compiler: every public function refuses by name an option that it does not know and one that is missing.
import { type Discriminator, type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import * as conditional from './index.ts';

const random = new RandomStream(1);
const generator: Generator = {
  name: 'generator',
  latentShape: [4, 4, 4],
  outputShape: [4, 4, 4],
  variables: [],
  generate: (latent) => latent.clone(),
  dispose() {},
};
const discriminator: Discriminator = {
  name: 'discriminator',
  inputShape: [4, 4, 4],
  heads: ['features'],
  variables: [],
  discriminate: (samples) => ({ logits: samples.clone(), features: [samples.clone()] }),
  dispose() {},
};

type Options = Readonly<Record<string, unknown>>;
const {
  auxiliaryClassifier,
  classAccuracy,
  classGrid,
  classification,
  classMorph,
  codeHead,
  codes,
  concatenatedDiscriminator,
  conditionalBatchNormalization,
  conditionalDcganGenerator,
  conditionalGenerator,
  contrastive2C,
  contrastiveDiscriminator,
  dataLabels,
  imageConditionedDiscriminator,
  imageConditionedGenerator,
  mutualInformation,
  projectionDiscriminator,
  reconstruction,
  sampledLabels,
} = conditional;

const told = { generator, classes: 2, random };
const parts = { continuous: 1 };

/** Each function with options that it takes, all that it needs among them. */
const functions: Readonly<Record<string, readonly [(options: never) => unknown, Options]>> = {
  auxiliaryClassifier: [(options) => auxiliaryClassifier(discriminator, options), { classes: 2, random }],
  classAccuracy: [classAccuracy, { ...told, classify: (x: tf.Tensor) => tf.zeros([x.shape[0]!, 2]) }],
  classGrid: [classGrid, told],
  classification: [classification, { player: 'generator' }],
  classMorph: [classMorph, { ...told, from: 0, to: 1 }],
  codeHead: [(options) => codeHead(discriminator, options), { codes: parts, random }],
  codes: [codes, parts],
  concatenatedDiscriminator: [(options) => concatenatedDiscriminator(discriminator, options), { classes: 2 }],
  conditionalBatchNormalization: [conditionalBatchNormalization, { classes: 2 }],
  conditionalDcganGenerator: [conditionalDcganGenerator, { outputShape: [8, 8, 1], width: 2, classes: 2, random }],
  conditionalGenerator: [(options) => conditionalGenerator(generator, options), { classes: 2 }],
  contrastive2C: [contrastive2C, { player: 'generator', discriminator }],
  contrastiveDiscriminator: [(options) => contrastiveDiscriminator(discriminator, options), { classes: 2, random }],
  dataLabels: [dataLabels, {}],
  imageConditionedDiscriminator: [(options) => imageConditionedDiscriminator(discriminator, options), { channels: 1 }],
  imageConditionedGenerator: [(options) => imageConditionedGenerator(generator, options), { channels: 1 }],
  mutualInformation: [mutualInformation, { player: 'generator', codes: parts }],
  projectionDiscriminator: [(options) => projectionDiscriminator(discriminator, options), { classes: 2, random }],
  reconstruction: [reconstruction, {}],
  sampledLabels: [sampledLabels, { classes: 2 }],
};

/** At least one of these must be there: their functions say so themselves. */
const oneOf = ['codes', 'concatenatedDiscriminator', 'conditionalGenerator'];
/** Options of the rest that may be left out. */
const optional = ['width'];

test.each(Object.entries(functions))('%s', async (name, [call, options]) => {
  const attempt = async (given: unknown) => call(given as never);
  const before = tf.memory().numTensors;
  await expect(attempt({ ...options, nonsense: 1 })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining(`${name} has no option 'nonsense'`),
  });
  await expect(attempt(7)).rejects.toThrow(`${name} needs an object of options, not 7.`);
  for (const missing of Object.keys(options).filter((option) => !oneOf.includes(name) && !optional.includes(option))) {
    await expect(attempt({ ...options, [missing]: undefined })).rejects.toThrow(
      `${name} needs the option '${missing}', which is missing.`,
    );
  }
  expect(tf.memory().numTensors).toBe(before);
});

test('every exported function that takes options is in the table', () => {
  // These take no options: labels, kinds, a function, or parts.
  const others = ['labelTensor', 'dataConditions', 'dataVectors', 'imageCondition', 'combinedConditioning'];
  const exported = Object.entries(conditional).flatMap(([name, value]) =>
    typeof value === 'function' && !/^[A-Z]/.test(name) ? [name] : [],
  );
  expect(exported.sort()).toEqual([...Object.keys(functions), ...others].sort());
});

const player = 'generator' as const;
const words: Readonly<Record<string, readonly [(word: never) => unknown, string]>> = {
  'classification, player': [(player) => classification({ player }), 'generater'],
  'classification, learnsFrom': [(learnsFrom) => classification({ player, learnsFrom }), 'reel'],
  'codeHead, variance': [(variance) => codeHead(discriminator, { codes: parts, random, variance }), 'unity'],
  'codes, continuousDistribution': [(continuousDistribution) => codes({ ...parts, continuousDistribution }), 'norml'],
  'contrastive2C, player': [
    (player) => contrastive2C({ player, discriminator: { embeddings: () => expect.fail('nothing is embedded here') } }),
    'discriminater',
  ],
  'mutualInformation, player': [(player) => mutualInformation({ player, codes: parts }), 'discriminater'],
  'mutualInformation, variance': [(variance) => mutualInformation({ player, codes: parts, variance }), 'lerned'],
  'projectionDiscriminator, pooling': [
    (pooling) => projectionDiscriminator(discriminator, { classes: 2, random, pooling }),
    'maen',
  ],
  'reconstruction, norm': [(norm) => reconstruction({ norm }), 'l3'],
  'sampledLabels, distribution': [(distribution) => sampledLabels({ classes: 2, distribution }), 'unifrom'],
};

test.each(Object.entries(words))('%s: a word that means nothing is refused', (_, [call, word]) => {
  expect(() => call(word as never)).toThrow(
    expect.objectContaining({ code: 'unknown-name', message: expect.stringContaining(`'${word}'`) }),
  );
});

test('the options of options are known by name as well', () => {
  const misspelt = { categorcal: [2] } as never;
  expect(() => codeHead(discriminator, { codes: misspelt, random })).toThrow(
    "codeHead's codes has no option 'categorcal'; did you mean 'categorical'?",
  );
  expect(() => mutualInformation({ player: 'generator', codes: misspelt })).toThrow(
    "mutualInformation's codes has no option 'categorcal'",
  );
  const embedding = { length: 2, random } as never;
  expect(() => conditionalGenerator(generator, { classes: 2, embedding })).toThrow("embedding has no option 'length'");
});
