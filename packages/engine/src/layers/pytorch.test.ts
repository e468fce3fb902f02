// Outputs, gradients and second derivatives of the layers, against values recorded from PyTorch by fixtures/layers/record.py.
import '../gradients/index.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import recorded from '../../fixtures/layers/pytorch.json' with { type: 'json' };
import * as layers from './index.ts';
import { relativeError, sequence, sequenceTensor } from './sequence.fixture.ts';

const image = [4, 3, 3, 4];
const scale = sequence(4, 2, 0.3).map((value) => 1 + value);
const affine = [scale, sequence(4, 3)];

interface Case {
  readonly make: () => tf.layers.Layer;
  readonly shape: number[];
  readonly weights: readonly number[][];
}

const cases: Readonly<Record<keyof typeof recorded.layers, Case>> = {
  pixelNormalization: { make: () => layers.pixelNormalization(), shape: image, weights: [] },
  instanceNormalization: { make: () => layers.instanceNormalization(), shape: image, weights: affine },
  groupNormalization: { make: () => layers.groupNormalization({ groups: 2 }), shape: image, weights: affine },
  batchNormalization: { make: () => layers.batchNormalization(), shape: image, weights: affine },
  minibatchStandardDeviation: {
    make: () => layers.minibatchStandardDeviation({ groupSize: 2 }),
    shape: image,
    weights: [],
  },
  selfAttention: {
    make: () => layers.selfAttention({ reduction: 2 }),
    shape: image,
    weights: [sequence(8, 2), sequence(8, 3), sequence(8, 4), sequence(8, 5), [0.7]],
  },
  blur: { make: () => layers.blur(), shape: image, weights: [] },
  equalizedDense: {
    make: () => layers.equalizedDense({ units: 2, learningRateMultiplier: 0.5 }),
    shape: [3, 6],
    weights: [sequence(12, 2), sequence(2, 3)],
  },
  equalizedConv2D: {
    make: () => layers.equalizedConv2d({ filters: 2, kernelSize: 3 }),
    shape: image,
    weights: [sequence(72, 2), sequence(2, 3)],
  },
};

describe.each(Object.entries(cases))('%s equals PyTorch', (name, { make, shape, weights }) => {
  const expected = recorded.layers[name as keyof typeof recorded.layers];

  function build() {
    const layer = make();
    const x = sequenceTensor(shape, 0.5);
    const apply = (input: tf.Tensor) => layer.apply(input, { training: true }) as tf.Tensor;
    apply(x);
    weights.forEach((values, index) => {
      const weight = layer.trainableWeights[index]!;
      weight.write(tf.tensor(values, weight.shape as number[]));
    });
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    return { x: tf.variable(x), apply, variables };
  }

  /** Gradients of a scalar function of the layer with respect to the input and the weights, in order. */
  function gradients(objective: (x: tf.Tensor, apply: (input: tf.Tensor) => tf.Tensor) => tf.Tensor): tf.Tensor[] {
    const { x, apply, variables } = build();
    const all = [x, ...variables];
    const { grads } = tf.variableGrads(() => objective(x, apply) as tf.Scalar, all);
    return all.map((variable) => grads[variable.name]!);
  }

  it('forwards', () => {
    const { x, apply } = build();
    expect(relativeError(apply(x).dataSync(), expected.output)).toBeLessThan(1e-5);
  });

  it('backwards', () => {
    const found = gradients((x, apply) => {
      const output = apply(x);
      return tf.sum(tf.mul(output, sequenceTensor(output.shape, 9)));
    });
    expected.gradients.forEach((values, index) => {
      expect(relativeError(found[index]!.dataSync(), values), `gradient ${index}`).toBeLessThan(3e-5);
    });
  });

  it('in the gradient of a gradient penalty', () => {
    const found = gradients((x, apply) => {
      const slope = tf.grad((input: tf.Tensor) => {
        const output = tf.tanh(apply(input));
        return tf.sum(tf.mul(output, sequenceTensor(output.shape, 9)));
      })(x);
      return tf.div(tf.sum(tf.square(slope)), shape[0]!);
    });
    expected.penalty.forEach((values, index) => {
      expect(relativeError(found[index]!.dataSync(), values), `gradient ${index}`).toBeLessThan(2e-4);
    });
  });
});

const inner = {
  dense: { shape: [4, 6], make: () => tf.layers.dense({ units: 3 }) },
  conv2d: { shape: image, make: () => tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }) },
  conv2dTranspose: {
    shape: image,
    make: () => tf.layers.conv2dTranspose({ filters: 2, kernelSize: 4, strides: 2, padding: 'same' }),
  },
};

it.each(Object.entries(inner))(
  'spectralNormalization of %s equals PyTorch over five training steps',
  (kind, { shape, make }) => {
    const expected = recorded.spectral[kind as keyof typeof recorded.spectral];
    const layer = layers.spectralNormalization(make());
    const x = sequenceTensor(shape, 1);
    layer.apply(x, { training: false });
    const named = new Map(layer.weights.map((weight) => [weight.originalName.split('/').at(-1), weight]));
    const kernel = named.get('kernel')!;
    const bias = named.get('bias')!;
    kernel.write(sequenceTensor(kernel.shape as number[], 2));
    bias.write(sequenceTensor(bias.shape as number[], 3));
    named.get('u')!.write(tf.tensor1d(expected.u));
    const variable = kernel.read() as tf.Variable;
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const { value, grads } = tf.variableGrads(() => {
        const output = layer.apply(x, { training: true, updateState: true }) as tf.Tensor;
        return tf.sum(tf.mul(output, sequenceTensor(output.shape, 9))) as tf.Scalar;
      }, [variable]);
      losses.push(value.dataSync()[0]!);
      variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, 0.05)));
    }
    expect(relativeError(losses, expected.losses)).toBeLessThan(2e-5);
    expect(relativeError(variable.dataSync(), expected.kernel)).toBeLessThan(2e-5);
  },
);
