// When the singular vectors move, and that the result has a spectral norm of one.
import '../gradients/index.ts';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { powerIteration, spectralNorm } from './power-iteration.ts';
import { type SpectralNormalization, spectralNormalization } from './spectral-normalization.ts';

function makeLayer(): SpectralNormalization {
  const layer = spectralNormalization(tf.layers.dense({ units: 4, useBias: false, kernelInitializer: 'zeros' }));
  layer.build([null, 5]);
  setKernel(layer, 'first');
  return layer;
}

function variable(layer: SpectralNormalization, name: string): tf.Variable {
  return layer.weights.find(({ originalName }) => originalName.endsWith(name))!.read() as tf.Variable;
}

/** What an optimiser does: another value for the kernel. */
function setKernel(layer: SpectralNormalization, seed: string): void {
  variable(layer, 'kernel').assign(new RandomStream(seed).normalTensor([5, 4]));
}

const x = tf.keep(tf.eye(5));
const apply = (layer: SpectralNormalization, options: object) => {
  layer.apply(x, options);
  return Array.from(variable(layer, 'u').dataSync());
};

describe('power iteration', () => {
  it('converges to the largest singular value, also of a matrix of rank one', () => {
    // diag(3, 2, 1) with orthogonal mixing has the singular values 3, 2, 1.
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const kernel = tf.tensor2d([
      [3 * c, -2 * s, 0],
      [3 * s, 2 * c, 0],
      [0, 0, 1],
    ]);
    let vectors = { u: tf.tensor1d([0.6, 0.64, 0.48]), v: tf.tensor1d([1, 0, 0]) };
    for (let iteration = 0; iteration < 60; iteration++) vectors = powerIteration(kernel, vectors);
    expect(spectralNorm(kernel, vectors).dataSync()[0]).toBeCloseTo(3, 5);
  });

  it('survives a matrix of zeros', () => {
    const start = { u: tf.tensor1d([0.6, 0.8]), v: tf.tensor1d([1, 0, 0]) };
    const vectors = powerIteration(tf.zeros([3, 2]), start);
    expect(Array.from(vectors.u.dataSync())).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });
});

describe('spectral normalisation', () => {
  it('ends with a kernel whose largest singular value is one', () => {
    const layer = makeLayer();
    for (let step = 0; step < 100; step++) apply(layer, { training: true, updateState: true });
    const kernel = layer.apply(x) as tf.Tensor2D;
    let vectors = { u: tf.fill([4], 0.5) as tf.Tensor1D, v: tf.zeros([5]) as tf.Tensor1D };
    for (let iteration = 0; iteration < 100; iteration++) vectors = powerIteration(kernel, vectors);
    expect(spectralNorm(kernel, vectors).dataSync()[0]).toBeCloseTo(1, 4);
  });

  it('moves its vectors only in the calls that say so', () => {
    const layer = makeLayer();
    const start = apply(layer, { training: true, updateState: false });
    expect(apply(layer, {})).toEqual(start);
    expect(apply(layer, { updateState: true })).toEqual(start);
    const moved = apply(layer, { training: true, updateState: true });
    expect(moved).not.toEqual(start);
    expect(apply(layer, { training: true, updateState: false })).toEqual(moved);
  });

  it('moves them once for each value of the kernel when no call says anything', () => {
    const layer = makeLayer();
    const first = apply(layer, { training: true });
    expect(apply(layer, { training: true })).toEqual(first);
    setKernel(layer, 'second');
    expect(apply(layer, {})).toEqual(first);
    const second = apply(layer, { training: true });
    expect(second).not.toEqual(first);
    expect(apply(layer, { training: true })).toEqual(second);
  });

  it('takes restored vectors as those of the restored kernel', () => {
    const [straight, resumed] = [makeLayer(), makeLayer()];
    apply(straight, { training: true });
    setKernel(straight, 'second');
    const moved = apply(straight, { training: true });
    apply(resumed, { training: true });
    for (const name of ['kernel', 'u', 'v']) variable(resumed, name).assign(tf.clone(variable(straight, name)));
    expect(apply(resumed, { training: true })).toEqual(moved);
    setKernel(straight, 'third');
    setKernel(resumed, 'third');
    expect(apply(resumed, { training: true })).toEqual(apply(straight, { training: true }));
  });

  it('trains its inner kernel and nothing else', () => {
    const layer = makeLayer();
    expect(layer.trainableWeights.map(({ originalName }) => originalName.split('/').at(-1))).toEqual(['kernel']);
    expect(layer.nonTrainableWeights.map(({ originalName }) => originalName.split('/').at(-1))).toEqual(['u', 'v']);
    layer.trainable = false;
    expect(layer.trainableWeights).toEqual([]);
    expect(layer.weights).toHaveLength(3);
  });

  it('normalises an embedding', () => {
    const layer = spectralNormalization(tf.layers.embedding({ inputDim: 6, outputDim: 3 }));
    const everyRow = tf.tensor2d([[0, 1, 2, 3, 4, 5]], [1, 6], 'int32');
    for (let step = 0; step < 100; step++) layer.apply(everyRow, { training: true, updateState: true });
    const table = tf.reshape(layer.apply(everyRow) as tf.Tensor, [6, 3]) as tf.Tensor2D;
    let vectors = { u: tf.fill([3], 0.6) as tf.Tensor1D, v: tf.zeros([6]) as tf.Tensor1D };
    for (let iteration = 0; iteration < 100; iteration++) vectors = powerIteration(table, vectors);
    expect(spectralNorm(table, vectors).dataSync()[0]).toBeCloseTo(1, 4);
  });

  describe.each<[string, number[], (arguments_: object) => tf.layers.Layer]>([
    ['dense', [6], (extra) => tf.layers.dense({ units: 3, ...extra })],
    ['conv2d', [5, 5, 2], (extra) => tf.layers.conv2d({ filters: 3, kernelSize: 3, ...extra })],
    ['conv2dTranspose', [5, 5, 2], (extra) => tf.layers.conv2dTranspose({ filters: 3, kernelSize: 3, ...extra })],
    ['depthwiseConv2d', [5, 5, 2], (extra) => tf.layers.depthwiseConv2d({ kernelSize: 3, ...extra })],
  ])('of a kernel of zeros, around %s', (_, shape, make) => {
    const zeros = { kernelInitializer: 'zeros', depthwiseInitializer: 'zeros', biasInitializer: 'ones' };
    const samples = tf.keep(new RandomStream('zeros').normalTensor([4, ...shape]));
    const options = { training: true, updateState: true };
    const weightsOf = (layer: tf.layers.Layer) =>
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable).slice(0, 1);
    /** Not linear in the output, so that its second derivatives are none of them zero by themselves. */
    const score = (layer: tf.layers.Layer) => (at: tf.Tensor) =>
      tf.sum(tf.exp(tf.mul(layer.apply(at, options) as tf.Tensor, 0.3))) as tf.Scalar;
    const penalty = (layer: tf.layers.Layer) => () =>
      tf.sum(tf.square(tf.sub(tf.grad(score(layer))(samples), 1))) as tf.Scalar;

    it('gives what the layer itself gives, and its derivatives, instead of NaN', () => {
      tf.tidy(() => {
        const [plain, normalized] = [make(zeros), spectralNormalization(make(zeros))];
        const outputs = [plain, normalized].map((layer) => (layer.apply(samples, options) as tf.Tensor).dataSync());
        expect(outputs[1]).toEqual(outputs[0]);
        const derivatives = [plain, normalized].map((layer) =>
          [() => score(layer)(samples), penalty(layer)].map((scalar) => {
            const [gradient] = Object.values(tf.variableGrads(scalar, weightsOf(layer)).grads);
            return Array.from(gradient!.dataSync());
          }),
        );
        expect(derivatives[1]![0]).toEqual(derivatives[0]![0]);
        expect(derivatives[0]![0]!.some((value) => value !== 0)).toBe(true);
        expect(derivatives[1]![1]).toEqual(derivatives[0]![1]);
        expect(derivatives[0]![1]!.some((value) => value !== 0)).toBe(true);
      });
    });

    it('does not stop it from becoming another one', () => {
      const layer = spectralNormalization(make({ ...zeros, useBias: false }));
      layer.apply(samples, options);
      const [kernel] = weightsOf(layer);
      kernel!.assign(tf.tidy(() => tf.mul(new RandomStream(3).normalTensor(kernel!.shape), 100)));
      for (let step = 0; step < 30; step++) layer.apply(samples, options);
      const values = Array.from((layer.apply(samples, options) as tf.Tensor).dataSync());
      expect(values.every((value) => Number.isFinite(value) && Math.abs(value) < 50)).toBe(true);
      expect(values.some((value) => Math.abs(value) > 0.1)).toBe(true);
    });
  });

  it('refuses to be made without a layer', () => {
    expect(() => spectralNormalization(undefined as unknown as tf.layers.Layer)).toThrow('needs a layer to normalise');
  });

  it('refuses to be restored without the class of its inner layer', () => {
    const config = { layer: { className: 'Unknown', config: {} } };
    const build = () =>
      (layerClass as unknown as { fromConfig(cls: unknown, config: object): unknown }).fromConfig(layerClass, config);
    const layerClass = makeLayer().constructor;
    expect(build).toThrow("There is no layer class 'Unknown'");
  });
});
