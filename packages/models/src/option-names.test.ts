// One name for one thing, in every architecture; a name that means nothing, and a pair of which one would be ignored, are refused.
import { type Generator, RandomStream, type Verdict } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as models from './index.ts';
import { buildGenerator } from './registry/index.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = new RandomStream(1);
const { mlpGenerator, dcganGenerator, resnetGenerator, r3ganGenerator, progressiveGenerator } = models;
const { mlpDiscriminator, dcganDiscriminator, resnetDiscriminator, r3ganDiscriminator } = models;
const { progressiveDiscriminator, patchDiscriminator, spatialGenerator, unetGenerator } = models;

test('swapping an architecture for another is one word', () => {
  // As data have it: a list of numbers.
  const shape: readonly number[] = [16, 16, 1];
  for (const generatorOf of [mlpGenerator, dcganGenerator, resnetGenerator, r3ganGenerator, progressiveGenerator]) {
    const small = generatorOf === mlpGenerator ? {} : { width: 4 };
    const generator = generatorOf({
      outputShape: shape,
      latentSize: 3,
      latentDistribution: 'uniform',
      random,
      ...small,
    });
    expect(generator).toMatchObject({ outputShape: shape, latentShape: [3], latentDistribution: 'uniform', needs: [] });
    generator.dispose();
  }
  const verdict: Verdict | undefined = 'two-class';
  for (const discriminatorOf of [
    mlpDiscriminator,
    dcganDiscriminator,
    resnetDiscriminator,
    r3ganDiscriminator,
    progressiveDiscriminator,
  ]) {
    const small = discriminatorOf === mlpDiscriminator ? {} : { width: 4 };
    const discriminator = discriminatorOf({ inputShape: shape, verdict, random, ...small });
    expect(discriminator).toMatchObject({ inputShape: shape, verdict, needs: [] });
    discriminator.dispose();
  }
});

const dense = (inputs: number, units: number) =>
  tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [inputs] })] });
const plain: Generator = {
  name: 'plain',
  latentShape: [2],
  outputShape: [2],
  variables: [],
  generate: (latent) => tf.clone(latent),
  dispose: () => {},
};
const image = [16, 16, 1];
const symbolic = () => tf.input({ shape: [4, 4, 2] });

/** Every public function that takes options, with options that it needs. */
const functions: readonly [who: string, options: object, call: (options: never) => unknown][] = [
  ['mlpGenerator', { outputShape: [2], random }, mlpGenerator],
  ['mlpDiscriminator', { inputShape: [2], random }, mlpDiscriminator],
  ['dcganGenerator', { outputShape: image, random }, dcganGenerator],
  ['dcganDiscriminator', { inputShape: image, random }, dcganDiscriminator],
  ['resnetGenerator', { outputShape: image, random }, resnetGenerator],
  ['resnetDiscriminator', { inputShape: image, random }, resnetDiscriminator],
  ['r3ganGenerator', { outputShape: image, random }, r3ganGenerator],
  ['r3ganDiscriminator', { inputShape: image, random }, r3ganDiscriminator],
  ['progressiveGenerator', { outputShape: image, random }, progressiveGenerator],
  ['progressiveDiscriminator', { inputShape: image, random }, progressiveDiscriminator],
  ['spatialGenerator', { outputShape: image, random }, spatialGenerator],
  ['unetGenerator', { outputShape: image, random }, unetGenerator],
  ['patchDiscriminator', { inputShape: image, random }, patchDiscriminator],
  ['r3ganBlock', { name: 'block' }, (options) => models.r3ganBlock(symbolic(), options)],
  ['generatorBlock', { name: 'block', channels: 2 }, (options) => models.generatorBlock(symbolic(), options)],
  ['discriminatorBlock', { name: 'block', channels: 2 }, (options) => models.discriminatorBlock(symbolic(), options)],
  ['groupedConv2d', { filters: 2, kernelSize: 3, groups: 1 }, models.groupedConv2d],
  ['generatorFromLayers', {}, (options) => models.generatorFromLayers(dense(2, 2), options)],
  ['discriminatorFromLayers', {}, (options) => models.discriminatorFromLayers(dense(2, 1), options)],
  ['autoencodingDiscriminator', {}, (options) => models.autoencodingDiscriminator(dense(2, 2), options)],
  [
    'generatorFromFunction',
    { name: 'mine', latentShape: [2], outputShape: [2], variables: {}, generate: plain.generate },
    models.generatorFromFunction,
  ],
  [
    'discriminatorFromFunction',
    { name: 'mine', inputShape: [2], variables: {}, discriminate: plain.generate },
    models.discriminatorFromFunction,
  ],
  ['progressiveSchedule', { stages: [{ resolution: 4, steps: 1 }] }, models.progressiveSchedule],
  ['buildGenerator', { generator: { name: 'mlp' }, sampleShape: [2] }, (s) => buildGenerator(s, random)],
  ['interpolate', { steps: 2 }, (options) => models.interpolate(tf.ones([2]), tf.ones([2]), options)],
  ['morph', { steps: 2 }, (options) => models.morph({ latent: tf.ones([2]) }, { latent: tf.ones([2]) }, options)],
  ['latentWalk', { random, points: 2, framesPerPoint: 1 }, (options) => models.latentWalk(plain, options)],
  ['invert', { random }, (options) => models.invert(plain, tf.ones([1, 2]), options)],
  ['countFlops', {}, (options) => models.countFlops(plain, options)],
  ['exportOnnx', {}, (options) => models.exportOnnx(plain, options)],
  ['loadGeneratorFromUrl', {}, (options) => models.loadGeneratorFromUrl('https://example.org', options)],
];

test.each(functions)(
  '%s refuses options that it does not know, and names those that are missing',
  async (who, options, call) => {
    const run = async (given: object) => {
      tf.engine().startScope();
      try {
        await call(given as never);
      } finally {
        tf.engine().endScope();
      }
    };
    const before = tf.memory().numTensors;
    await expect(run({ ...options, widht: 3 })).rejects.toThrow(`${who} has no option 'widht'`);
    for (const name of Object.keys(options)) {
      const { [name]: _, ...rest } = options as Record<string, unknown>;
      await expect(run(rest)).rejects.toThrow(`${who} needs the option '${name}', which is missing.`);
    }
    // The weights of models that the table's own calls made.
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBe(before);
  },
);

const deep = { random, outputShape: [16, 16, 1] } as const;
const judging = { random, inputShape: [16, 16, 1] } as const;

test.each<[what: string, make: () => unknown, sentence: string]>([
  [
    'codeSize without an energy (mlp)',
    () => mlpDiscriminator({ inputShape: [2], random, codeSize: 3 }),
    "'codeSize' means nothing to a discriminator with the verdict 'logit'; leave it out",
  ],
  [
    'codeSize without an energy (dcgan)',
    () => dcganDiscriminator({ ...judging, codeSize: 3, verdict: 'two-class' }),
    "'codeSize' means nothing to a discriminator with the verdict 'two-class'",
  ],
  [
    'normalization after the only convolution',
    () => dcganDiscriminator({ inputShape: [8, 8, 1], normalization: 'batch', random }),
    "'normalization' means nothing to the one convolution of a DCGAN discriminator of images of [8, 8, 1]",
  ],
  [
    'channels and width (resnet)',
    () => resnetGenerator({ ...deep, channels: [4, 4], width: 4 }),
    "'channels' says already what 'width' would say; give one of the two",
  ],
  [
    'blocks and width (resnet)',
    () => resnetDiscriminator({ ...judging, blocks: [{ channels: 4, downsample: true }], width: 4 }),
    "'blocks' says already what 'width' would say",
  ],
  [
    'channels and width (r3gan)',
    () => r3ganGenerator({ ...deep, channels: [4, 4], width: 4 }),
    "'channels' says already",
  ],
  [
    'width of a single convolution',
    () => spatialGenerator({ ...deep, doublings: 1, width: 4 }),
    "'width' means nothing to a spatial generator of one doubling",
  ],
  [
    'normalization of a single convolution',
    () => spatialGenerator({ ...deep, doublings: 1, normalization: 'none' }),
    "'normalization' means nothing to a spatial generator of one doubling",
  ],
  [
    'an energy of a resnet',
    () => resnetDiscriminator({ ...judging, verdict: 'energy' }),
    "'resnet' has no discriminator",
  ],
  [
    'an energy of an r3gan',
    () => r3ganDiscriminator({ ...judging, verdict: 'energy' }),
    "'r3gan' has no discriminator",
  ],
  [
    'an energy of a progressive network',
    () => progressiveDiscriminator({ ...judging, verdict: 'energy' }),
    "'progressive' has no discriminator that gives an energy",
  ],
  [
    'two classes of a patch',
    () => patchDiscriminator({ ...judging, receptiveField: 16, verdict: 'two-class' }),
    "a logit for each patch and no verdict 'two-class'",
  ],
])('%s is refused', (_, make, sentence) => {
  expect(make).toThrow(sentence);
});

test.each<[what: string, make: () => unknown, sentence: string]>([
  [
    'verdict',
    () => mlpDiscriminator({ ...judging, verdict: 'logits' as 'logit' }),
    "verdict named 'logits'; did you mean 'logit'?",
  ],
  ['normalization', () => dcganGenerator({ ...deep, normalization: 'btach' as 'batch' }), "did you mean 'batch'?"],
  ['activation', () => mlpGenerator({ ...deep, activation: 'rleu' as 'relu' }), "did you mean 'relu'?"],
  ['outputActivation', () => r3ganGenerator({ ...deep, outputActivation: 'tahn' as 'tanh' }), "did you mean 'tanh'?"],
  [
    'imageLayer',
    () => dcganGenerator({ ...deep, imageLayer: 'transpose' as 'transposed' }),
    "did you mean 'transposed'?",
  ],
  [
    'latentDistribution',
    () => progressiveGenerator({ ...deep, latentDistribution: 'nomral' as 'normal' }),
    "did you mean 'normal'?",
  ],
  [
    'outputShape',
    () => mlpGenerator({ random, outputShape: 28 as unknown as number[] }),
    'outputShape must be a list of sizes',
  ],
  ['outputShape', () => mlpGenerator({ random, outputShape: [] }), 'outputShape must be a list of sizes'],
  ['outputShape', () => dcganGenerator({ random, outputShape: [2] }), 'needs an outputShape of images'],
])('a %s that means nothing is refused', (_, make, sentence) => {
  expect(make).toThrow(sentence);
});
