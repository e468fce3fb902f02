import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { nestedLayers, seededDropout, seededGaussianNoise, spectralNormalization, unseededLayers } from './index.ts';

const sequential = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
const first = (inputShape: number[]) => tf.layers.activation({ activation: 'relu', inputShape });

/** A model of one layer for a sequence, and whether the same layer draws nothing at a rate of 0. */
const drawing: Readonly<Record<string, (amount: number) => tf.layers.Layer>> = {
  Dropout: (rate) => tf.layers.dropout({ rate }),
  'Dropout with a seed': (rate) => tf.layers.dropout({ rate, seed: 3 }),
  GaussianNoise: (stddev) => tf.layers.gaussianNoise({ stddev }),
  GaussianDropout: (rate) => tf.layers.gaussianDropout({ rate }),
  AlphaDropout: (rate) => tf.layers.alphaDropout({ rate }),
  SpatialDropout1D: (rate) => tf.layers.spatialDropout1d({ rate }),
  LSTM: (dropout) => tf.layers.lstm({ units: 2, dropout }),
  GRU: (recurrentDropout) => tf.layers.gru({ units: 2, recurrentDropout }),
  SimpleRNN: (dropout) => tf.layers.simpleRNN({ units: 2, dropout }),
  'RNN of cells, which keep their first mask as a seed would': (dropout) =>
    tf.layers.rnn({ cell: [tf.layers.lstmCell({ units: 2 }), tf.layers.gruCell({ units: 2, dropout })] }),
};

describe.each(Object.entries(drawing))('%s of tf.layers', (kind, make) => {
  const [className] = kind.split(' ');
  const x = tf.keep(tf.ones([64, 5, 3]));
  const outputs = (model: tf.LayersModel) =>
    [1, 2].map(() => Array.from((model.apply(x, { training: true }) as tf.Tensor).dataSync()));

  it('is named when it draws', () => {
    const model = sequential(first([5, 3]), make(0.5));
    const [found, ...others] = unseededLayers(model);
    expect(found).toMatchObject({ name: model.layers[1]!.name, className });
    expect(found!.replacement).toContain('seeded');
    expect(others).toEqual([]);
    // What it draws is indeed another thing each time, or the same mask for ever.
    const [once, twice] = outputs(model);
    if (kind.includes('seed')) expect(twice).toEqual(once);
    else expect(twice).not.toEqual(once);
  });

  it('is not named when it draws nothing', () => {
    const model = sequential(first([5, 3]), make(0));
    expect(unseededLayers(model)).toEqual([]);
    const [once, twice] = outputs(model);
    expect(twice).toEqual(once);
  });
});

it('lists layers however deep they lie', () => {
  const named = (name: string) => tf.layers.dropout({ rate: 0.5, name });
  const deepest = sequential(first([3]), named('deepest'));
  const model = sequential(
    first([4, 3]),
    named('plain'),
    tf.layers.timeDistributed({ layer: named('along_time') }),
    tf.layers.timeDistributed({ layer: sequential(deepest, tf.layers.dense({ units: 3 })) }),
    tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 2, dropout: 0.1, name: 'both_ways' }) as tf.RNN }),
    spectralNormalization(tf.layers.dense({ units: 3, name: 'kernel' })),
    seededDropout({ rate: 0.5 }),
    seededGaussianNoise({ stddev: 1 }),
  );
  expect(unseededLayers(model).map(({ name }) => name)).toEqual([
    'plain',
    'along_time',
    'deepest',
    'forward_both_ways',
    'backward_both_ways',
  ]);
  expect(nestedLayers(model).map(({ name }) => name)).toContain('kernel');
});

it('lists a layer that is used twice once', () => {
  const input = tf.input({ shape: [3] });
  const shared = sequential(first([3]), tf.layers.dropout({ rate: 0.5, name: 'shared' }));
  const once = shared.apply(input) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: shared.apply(once) as tf.SymbolicTensor });
  expect(unseededLayers(model).map(({ name }) => name)).toEqual(['shared']);
});
