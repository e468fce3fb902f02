// Every weight of a model has a name of its own, however deep it lies, and comes back from a checkpoint.
import { networkState, RandomStream } from '@gankit/core';
import { seededDropout, spectralNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generatorFromLayers } from './generator-from-layers.ts';
import { layersVariables } from './layers-variables.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const dense = (units: number, inputShape?: number[]) => tf.layers.dense({ units, ...(inputShape && { inputShape }) });
const sequential = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });

function shared(): tf.LayersModel {
  const body = sequential(dense(3, [3]), dense(3));
  const input = tf.input({ shape: [3] });
  const once = body.apply(input) as tf.SymbolicTensor;
  const twice = body.apply(once) as tf.SymbolicTensor;
  const head = dense(2);
  return tf.model({ inputs: input, outputs: head.apply(twice) as tf.SymbolicTensor });
}

const lstmNames = ['kernel', 'recurrent_kernel', 'bias'];
const under = (place: string, names: readonly string[]) => names.map((name) => `${place}.${name}`);
const denseNames = ['kernel', 'bias'];

const containers: readonly [what: string, build: () => tf.LayersModel, names: readonly string[]][] = [
  [
    'a flat model, as in files of before',
    () => sequential(dense(4, [3]), tf.layers.batchNormalization(), spectralNormalization(dense(2), { seed: 1 })),
    [
      ...under('0.dense', denseNames),
      ...under('1.batchNormalization', ['gamma', 'beta', 'moving_mean', 'moving_variance']),
      ...under('2.spectralNormalization', ['kernel', 'bias', 'u', 'v']),
    ],
  ],
  [
    'a model in a model',
    () => sequential(sequential(dense(8, [4]), dense(8)), dense(2)),
    [
      ...under('0.sequential.0.dense', denseNames),
      ...under('0.sequential.1.dense', denseNames),
      ...under('1.dense', denseNames),
    ],
  ],
  [
    'a model in a model in a model, with batch normalisation',
    () => sequential(sequential(sequential(dense(3, [2]), tf.layers.batchNormalization()), dense(3)), dense(2)),
    [
      ...under('0.sequential.0.sequential.0.dense', denseNames),
      ...under('0.sequential.0.sequential.1.batchNormalization', ['gamma', 'beta']),
      ...under('0.sequential.1.dense', denseNames),
      ...under('0.sequential.0.sequential.1.batchNormalization', ['moving_mean', 'moving_variance']),
      ...under('1.dense', denseNames),
    ],
  ],
  [
    'a model that is used twice',
    shared,
    [
      ...under('1.sequential.0.dense', denseNames),
      ...under('1.sequential.1.dense', denseNames),
      ...under('2.dense', denseNames),
    ],
  ],
  [
    'a bidirectional layer',
    () =>
      sequential(
        tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3 }) as tf.RNN, inputShape: [5, 2] } as never),
        dense(2),
      ),
    [
      ...under('0.bidirectional.forward', lstmNames),
      ...under('0.bidirectional.backward', lstmNames),
      ...under('1.dense', denseNames),
    ],
  ],
  [
    'a layer at every time step',
    () =>
      sequential(
        tf.layers.timeDistributed({ layer: dense(3), inputShape: [4, 2] } as never),
        tf.layers.flatten(),
        dense(2),
      ),
    [...under('0.timeDistributed', denseNames), ...under('2.dense', denseNames)],
  ],
  [
    'a model at every time step',
    () =>
      sequential(
        tf.layers.timeDistributed({ layer: sequential(dense(3, [2]), dense(3)), inputShape: [4, 2] } as never),
        tf.layers.flatten(),
        dense(2),
      ),
    [
      ...under('0.timeDistributed.0.dense', denseNames),
      ...under('0.timeDistributed.1.dense', denseNames),
      ...under('2.dense', denseNames),
    ],
  ],
  [
    'a recurrent layer of one cell',
    () => sequential(tf.layers.lstm({ units: 3, inputShape: [4, 2] }), dense(2)),
    [...under('0.lSTM', lstmNames), ...under('1.dense', denseNames)],
  ],
  [
    'a recurrent layer of several cells',
    () =>
      sequential(
        tf.layers.rnn({
          cell: [tf.layers.lstmCell({ units: 3 }), tf.layers.lstmCell({ units: 3 }), tf.layers.gruCell({ units: 2 })],
          inputShape: [4, 2],
        }),
        dense(2),
      ),
    [
      ...under('0.rNN.0.lSTMCell', lstmNames),
      ...under('0.rNN.1.lSTMCell', lstmNames),
      ...under('0.rNN.2.gRUCell', lstmNames),
      ...under('1.dense', denseNames),
    ],
  ],
];

test.each(containers)('%s: every weight is named once, saved, restored and freed', async (_, build, names) => {
  const [model, other] = [build(), build()];
  const [generator, resumed] = [generatorFromLayers(model), generatorFromLayers(other)];
  expect(generator.variables.map(({ name }) => name)).toEqual(names);
  expect(generator.variables.reduce((sum, { variable }) => sum + variable.size, 0)).toBe(model.countParams());
  // Something of its own in each, moving averages included.
  for (const { name, variable } of generator.variables) {
    tf.tidy(() => variable.assign(new RandomStream(1).fork(name).uniformTensor(variable.shape, 0.1, 1)));
  }
  const latent = new RandomStream(2).normalTensor([3, ...generator.latentShape]);
  const samples = (player: typeof generator) => tf.tidy(() => player.generate(latent, { training: false }).dataSync());
  expect(samples(resumed)).not.toEqual(samples(generator));
  const state = await networkState(generator).saveState();
  expect(Object.keys(state.tensors!).sort()).toEqual([...names].sort());
  networkState(resumed).loadState(state);
  expect(samples(resumed)).toEqual(samples(generator));
  for (const [index, { variable }] of generator.variables.entries()) {
    expect(resumed.variables[index]!.variable.dataSync()).toEqual(variable.dataSync());
  }
  latent.dispose();
  generator.dispose();
  resumed.dispose();
});

test('masks of dropout in a nested model are state as well', async () => {
  const build = () => {
    const body = sequential(dense(16, [2]), seededDropout({ rate: 0.5, seed: 'inner' }));
    return generatorFromLayers(sequential(body, dense(16), seededDropout({ rate: 0.5, seed: 'outer' })));
  };
  const generator = build();
  const { values } = await networkState(generator).saveState();
  expect(Object.keys(values!['state'] as object).sort()).toEqual([
    '0.sequential.1.seededDropout.path',
    '0.sequential.1.seededDropout.words',
    '2.seededDropout.path',
    '2.seededDropout.words',
  ]);
  generator.dispose();
});

class Twins extends tf.layers.Layer {
  static className = 'Twins';
  #halves: tf.layers.Layer[] = [];

  override build(inputShape: tf.Shape): void {
    // In a field that nobody looks into: layers of one's own may hold others in any way.
    this.#halves = [dense(1), dense(1)];
    for (const half of this.#halves) half.build(inputShape);
    this.built = true;
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.#halves?.flatMap((half) => half.trainableWeights) ?? [];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() =>
      tf.concat(
        this.#halves.map((half) => half.apply(inputs) as tf.Tensor),
        1,
      ),
    );
  }

  override computeOutputShape(): tf.Shape {
    return [null, 2];
  }
}

test('two weights of one name are refused, with the layer to mend', () => {
  const model = sequential(dense(2, [2]), new Twins({ name: 'twins' }));
  expect(() => generatorFromLayers(model)).toThrow(
    `The model '${model.name}' has two weights named '1.twins.kernel', which a checkpoint cannot tell apart; give the weights of its layer 'twins' different names.`,
  );
  expect(() => layersVariables(model)).toThrow('two weights named');
  model.dispose();
});
