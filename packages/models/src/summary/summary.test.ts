import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { dcganGenerator } from '../dcgan.ts';
import { generatorFromLayers } from '../generator-from-layers.ts';
import { countParameters, summary } from './summary.ts';

test('a table of the variables, and their sums', () => {
  const layers = [
    tf.layers.dense({ units: 400, inputShape: [3] }),
    tf.layers.batchNormalization(),
    tf.layers.dense({ units: 2, useBias: false, trainable: false }),
  ];
  const generator = generatorFromLayers(tf.sequential({ layers, name: 'small' }));
  const nonTrainable = 2 * 400 + 400 * 2;
  expect(countParameters(generator)).toEqual({
    trainable: 3 * 400 + 400 + 2 * 400,
    nonTrainable,
    total: 3 * 400 + 400 + 2 * 400 + nonTrainable,
  });
  expect(summary(generator)).toBe(
    [
      'small',
      'variable                              shape     parameters  trainable',
      '------------------------------------  --------  ----------  ---------',
      '0.dense.kernel                        [3, 400]       1,200  yes',
      '0.dense.bias                          [400]            400  yes',
      '1.batchNormalization.gamma            [400]            400  yes',
      '1.batchNormalization.beta             [400]            400  yes',
      '1.batchNormalization.moving_mean      [400]            400  no',
      '1.batchNormalization.moving_variance  [400]            400  no',
      '2.dense.kernel                        [400, 2]         800  no',
      '4,000 parameters: 2,400 trainable, 1,600 not',
    ].join('\n'),
  );
  generator.dispose();
});

test('the parameters of a DCGAN by arithmetic', () => {
  const generator = dcganGenerator({ outputShape: [28, 28, 1], random: new RandomStream(1) });
  const trainable =
    100 * 7 * 7 * 128 + 2 * 128 + 4 * 4 * 128 * 128 + 2 * 128 + 4 * 4 * 128 * 64 + 2 * 64 + (3 * 3 * 64 + 1);
  expect(countParameters(generator)).toMatchObject({ trainable, nonTrainable: 2 * (128 + 128 + 64) });
  generator.dispose();
});

test('a variable that two names share counts once', () => {
  const variable = tf.variable(tf.zeros([5]));
  const named = { variable, trainable: true };
  expect(
    countParameters({
      variables: [
        { ...named, name: 'a' },
        { ...named, name: 'b' },
      ],
    }).total,
  ).toBe(5);
  variable.dispose();
});
