// tf.layers' own batch normalisation: its averages move in the calls that may move them and in no other.
import './index.ts';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const x = tf.keep(
  tf.tensor2d([
    [1, 10],
    [3, 30],
    [5, 80],
  ]),
);

function averages(of: tf.layers.Layer | tf.LayersModel): number[][] {
  return of.weights
    .filter(({ originalName }) => originalName.includes('moving'))
    .map((weight) => Array.from(weight.read().dataSync()));
}

/** Means 3 and 40; tf.layers feeds the moving variance with the biased variance. */
const batchStatistics = [
  [3, 40],
  [8 / 3, (900 + 100 + 1600) / 3],
];

const atStart = [
  [0, 0],
  [1, 1],
];

const training = (updateState?: boolean) => ({ training: true, updateState });

describe.each([
  ['scale and offset', {}],
  ['scale alone', { center: false }],
  ['offset alone', { scale: false }],
  ['neither', { scale: false, center: false }],
])('tf.layers.batchNormalization with %s', (_, variant) => {
  it('leaves its averages alone where it must, and moves them once where it may', () => {
    const layer = tf.layers.batchNormalization({ momentum: 0, ...variant });
    const still = layer.apply(x, training(false)) as tf.Tensor;
    expect(averages(layer)).toEqual(atStart);
    layer.apply(x, { updateState: true });
    expect(averages(layer)).toEqual(atStart);
    const moved = layer.apply(x, training(true)) as tf.Tensor;
    expect(Array.from(still.dataSync())).toEqual(Array.from(moved.dataSync()));
    for (const [index, values] of averages(layer).entries()) {
      for (const [channel, value] of values.entries()) expect(value).toBeCloseTo(batchStatistics[index]![channel]!, 3);
    }
  });

  it('has the same gradients in both kinds of calls, of first and second order', () => {
    const samples = new RandomStream(1).normalTensor([5, 3]);
    const layer = tf.layers.batchNormalization(variant);
    const weights = new RandomStream(2).normalTensor([5, 3]);
    const slope = (updateState: boolean) => (at: tf.Tensor) =>
      tf.sum(tf.mul(tf.square(layer.apply(at, training(updateState)) as tf.Tensor), weights));
    const gradients = [true, false].map((updateState) => {
      const first = tf.grad(slope(updateState));
      return [first, tf.grad((at) => tf.sum(tf.square(first(at))))].map((each) => Array.from(each(samples).dataSync()));
    });
    expect(gradients[1]).toEqual(gradients[0]);
    expect(gradients[0]!.flat().every(Number.isFinite)).toBe(true);
  });
});

it('moves by its momentum, and as before in calls that say nothing', () => {
  const layer = tf.layers.batchNormalization({ momentum: 0.9 });
  layer.apply(x, { training: true });
  layer.apply(x, training(false));
  layer.apply(x, training(true));
  for (const [channel, value] of averages(layer)[0]!.entries())
    expect(value).toBeCloseTo((1 - 0.9 ** 2) * batchStatistics[0]![channel]!, 4);
});

describe('within a model', () => {
  const inner = () => tf.sequential({ layers: [tf.layers.batchNormalization({ momentum: 0, inputShape: [2] })] });
  const models: Readonly<Record<string, () => tf.LayersModel>> = {
    'as a layer': () => tf.sequential({ layers: [tf.layers.batchNormalization({ momentum: 0, inputShape: [2] })] }),
    'in a model in the model': () => tf.sequential({ layers: [inner(), tf.layers.activation({ activation: 'tanh' })] }),
    'along time': () =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [1, 2], inputShape: [2] }),
          tf.layers.timeDistributed({ layer: tf.layers.batchNormalization({ momentum: 0 }) }),
        ],
      }),
  };

  it.each(Object.entries(models))('%s', async (_, make) => {
    const model = make();
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    for (const each of [model, await tf.loadLayersModel(tf.io.fromMemory(saved!))]) {
      const before = tf.memory().numTensors;
      tf.dispose(each.apply(x, training(false)) as tf.Tensor);
      expect(averages(each)).toEqual(atStart);
      tf.dispose(each.apply(x, training(true)) as tf.Tensor);
      expect(averages(each)[0]).toEqual(batchStatistics[0]);
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it('gives the averages back when the pass fails', () => {
    const layer = tf.layers.batchNormalization({ momentum: 0 });
    layer.build([null, 2]);
    expect(() => layer.call(tf.ones([2, 3]), training(false))).toThrow();
    layer.apply(x, training(true));
    expect(averages(layer)[0]).toEqual(batchStatistics[0]);
  });
});

it('is changed only once, however often the repair runs', async () => {
  const { repairLayerBatchNormalization } = await import('./layer-batch-normalization.ts');
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as { call: unknown };
  const { call } = prototype;
  repairLayerBatchNormalization();
  expect(prototype.call).toBe(call);
});
