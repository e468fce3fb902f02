// What every player says that it must be told, against what it refuses to do without.
import { type Condition, type ConditionNeed, type Discriminator, type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelTensor } from '../labels.ts';
import { auxiliaryClassifier } from './auxiliary-classifier.ts';
import { codeHead } from './code-head.ts';
import { concatenatedDiscriminator } from './concatenated-discriminator.ts';
import { ConditionalBatchNormalization } from './conditional-batch-normalization.ts';
import { conditionalDcganGenerator } from './conditional-dcgan.ts';
import { conditionalGenerator } from './conditional-generator.ts';
import { contrastiveDiscriminator } from './contrastive-discriminator.ts';
import { imageConditionedDiscriminator, imageConditionedGenerator } from './image-conditioned.ts';
import { projectionDiscriminator } from './projection-discriminator.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const classes = 2;
const random = new RandomStream(1);

function generator(latentShape: readonly number[], needs: readonly ConditionNeed[] | undefined = []): Generator {
  return {
    name: 'generator',
    latentShape,
    outputShape: latentShape,
    variables: [],
    needs,
    generate: (latent) => latent.clone(),
    dispose() {},
  };
}

function discriminator(inputShape: readonly number[], needs: readonly ConditionNeed[] | undefined = []): Discriminator {
  return {
    name: 'discriminator',
    inputShape,
    heads: ['features'],
    variables: [],
    needs,
    discriminate: (samples) => ({
      logits: tf.zeros([samples.shape[0]!, 1]),
      features: [samples.flatten().expandDims()],
    }),
    dispose() {},
  };
}

const point = () => discriminator([2]);
const projected = () => projectionDiscriminator(point(), { classes, random });
const dcgan = () => conditionalDcganGenerator({ outputShape: [8, 8, 1], latentSize: 2, width: 2, classes, random });

const players: Readonly<Record<string, readonly [() => Generator | Discriminator, readonly ConditionNeed[]]>> = {
  'conditionalGenerator, classes': [() => conditionalGenerator(generator([4]), { classes }), ['class']],
  'conditionalGenerator, vectors': [() => conditionalGenerator(generator([4]), { vectors: 1 }), ['vectors']],
  'conditionalGenerator, both': [
    () => conditionalGenerator(generator([4]), { classes, vectors: 1 }),
    ['class', 'vectors'],
  ],
  'conditionalGenerator around one that is told more': [
    () => conditionalGenerator(generator([4], ['images', 'class']), { classes }),
    ['images', 'class'],
  ],
  conditionalDcganGenerator: [dcgan, ['class']],
  imageConditionedGenerator: [() => imageConditionedGenerator(generator([8, 8, 2]), { channels: 1 }), ['images']],
  'concatenatedDiscriminator, classes': [() => concatenatedDiscriminator(discriminator([4]), { classes }), ['class']],
  'concatenatedDiscriminator, vectors': [
    () => concatenatedDiscriminator(discriminator([4]), { vectors: 1 }),
    ['vectors'],
  ],
  projectionDiscriminator: [projected, ['class']],
  imageConditionedDiscriminator: [
    () => imageConditionedDiscriminator(discriminator([8, 8, 2]), { channels: 1 }),
    ['images'],
  ],
  auxiliaryClassifier: [() => auxiliaryClassifier(point(), { classes, random }), []],
  codeHead: [() => codeHead(point(), { codes: { continuous: 1 }, random }), []],
  'a head around a projection': [() => auxiliaryClassifier(projected(), { classes, random }), ['class']],
};

const told = (): Condition => ({
  labels: labelTensor([1], classes),
  vectors: tf.ones([1, 1]),
  images: tf.ones([1, 8, 8, 1]),
});

/** One pass, told all but what is left out. */
function pass(player: Generator | Discriminator, without: readonly (keyof Condition)[], all = told()): void {
  const condition = Object.fromEntries(
    Object.entries(all).filter(([kind]) => !without.includes(kind as keyof Condition)),
  );
  if ('generate' in player) {
    player.generate(tf.ones([1, ...player.latentShape]), { training: true, condition });
  } else player.discriminate(tf.ones([1, ...player.inputShape]), { training: true, condition });
}

describe.each(Object.entries(players))('%s', (name, [make, needs]) => {
  test('says what it needs', () => {
    expect(new Set(make().needs)).toEqual(new Set(needs));
  });

  test('and needs what it says', () => {
    const player = make();
    // What the inner stub is told is not its wrapper's to check.
    const own = name.includes('told more') ? ['class'] : needs;
    expect(() => pass(player, [])).not.toThrow();
    for (const need of ['class', 'vectors', 'images'] as const) {
      const left = need === 'class' ? (['labels', 'vectors'] as const) : [need];
      if (own.includes(need)) expect(() => pass(player, left)).toThrow('and was told none');
      else if (!(need === 'class' && own.includes('vectors'))) expect(() => pass(player, left)).not.toThrow();
    }
  });
});

const ofClasses = Object.entries(players).filter(([, [, needs]]) => needs.includes('class'));

test.each(ofClasses)('%s is not trained with a label that is no class', (_, [make]) => {
  const wrong = { ...told(), labels: tf.tensor1d([classes], 'int32') };
  expect(() => pass(make(), [], wrong)).toThrow(`was given the label ${classes} and knows the classes 0 to 1;`);
});

test('around a player of which nobody knows, a wrapper says what it needs itself', () => {
  const unknown = { ...discriminator([2]), needs: undefined };
  expect(projectionDiscriminator(unknown, { classes, random }).needs).toEqual(['class']);
  expect(auxiliaryClassifier(unknown, { classes, random }).needs).toBeUndefined();
});

test('the contrastive discriminator needs the class for its embeddings; a layer says what its model must be told', () => {
  const contrastive = contrastiveDiscriminator(point(), { classes, random });
  expect(contrastive.needs).toEqual(['class']);
  expect(() => contrastive.embeddings({ logits: tf.ones([1, 1]), features: [tf.ones([1, 2])] }, undefined)).toThrow(
    'and was told none',
  );
  expect(new ConditionalBatchNormalization({ classes }).needs).toEqual(['class']);
});
