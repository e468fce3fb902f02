/** The parameter gradient of a WGAN-GP and an R1 critic, for each activation, against PyTorch in float64. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import './index.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import recorded from '../../fixtures/gradients/critics.json' with { type: 'json' };

type Penalty = 'wganGp' | 'r1';
type Name = keyof typeof recorded.critics;

const layer = (activation: 'softsign' | 'swish' | 'mish' | 'gelu' | 'gelu_new' | 'hardSigmoid') => (x: tf.Tensor) =>
  tf.layers.activation({ activation }).apply(x) as tf.Tensor;

const activations: Readonly<Record<Name, (x: tf.Tensor, slope: tf.Tensor) => tf.Tensor>> = {
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  exp: (x) => tf.exp(x),
  softplus: (x) => tf.softplus(x),
  softsign: layer('softsign'),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  swish: layer('swish'),
  mish: layer('mish'),
  gelu: layer('gelu'),
  gelu_new: layer('gelu_new'),
  hardSigmoid: layer('hardSigmoid'),
  clipByValue: (x) => tf.clipByValue(x, -0.5, 0.5),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.mul(tf.logSumExp(x, -1, true), x),
  maximum: (x) => tf.maximum(x, tf.mul(-0.3, tf.reverse(x, 3))),
  erf: (x) => tf.erf(x),
  prelu: (x, slope) => tf.prelu(x, slope),
};

function inputTensor(name: keyof typeof recorded.inputs): tf.Tensor {
  const { shape, values } = recorded.inputs[name];
  return tf.tensor(Float32Array.from(values), shape);
}

/** The penalty as `record_critics.py` defines it, and its gradient with respect to every parameter. */
function gradients(name: Name, penalty: Penalty): { value: tf.Tensor; grads: Record<string, tf.Tensor> } {
  const names = name === 'prelu' ? (['conv', 'bias', 'dense', 'slope'] as const) : (['conv', 'bias', 'dense'] as const);
  const images = inputTensor('images');
  const value = (...parameters: tf.Tensor[]) => {
    const [conv, bias, dense, slope] = parameters as [tf.Tensor4D, tf.Tensor, tf.Tensor2D, tf.Tensor];
    const critic = (x: tf.Tensor) => {
      const hidden = activations[name](tf.add(tf.conv2d(x as tf.Tensor4D, conv, 1, 'valid'), bias), slope);
      return tf.matMul(tf.reshape(hidden, [x.shape[0]!, -1]), dense);
    };
    const slopes = tf.grad((x: tf.Tensor) => tf.sum(critic(x)))(images);
    const squared = tf.sum(tf.square(slopes), [1, 2, 3]);
    if (penalty === 'r1') return tf.div(tf.mean(squared), 2);
    return tf.add(tf.mean(tf.square(tf.sub(tf.sqrt(squared), 1))), tf.mean(critic(images)));
  };
  const parameters = names.map(inputTensor);
  // R1 does not depend on the bias when the derivative of the activation is constant around each unit.
  const result = tf.valueAndGrads((...at) => tf.add(value(...at), tf.mul(0, tf.addN(at.map((p) => tf.sum(p))))))(
    parameters,
  );
  return { value: result.value, grads: Object.fromEntries(names.map((key, i) => [key, result.grads[i]!])) };
}

describe.each(['cpu', 'wasm'])('a critic on %s', (backendName) => {
  beforeAll(async () => {
    await tf.setBackend(backendName);
  });

  it.each(Object.keys(recorded.critics) as Name[])('with %s has the parameter gradients that PyTorch gives', (name) => {
    for (const penalty of ['wganGp', 'r1'] as const) {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const expected = recorded.critics[name][penalty];
        const { value, grads } = gradients(name, penalty);
        expect(Math.abs(value.dataSync()[0]! - expected.value)).toBeLessThan(
          2e-5 * Math.max(1, Math.abs(expected.value)),
        );
        for (const [parameter, values] of Object.entries(expected.gradients) as [string, number[]][]) {
          const scale = Math.max(1e-2, ...values.map(Math.abs));
          const ours = grads[parameter]!.dataSync();
          const error = Math.max(...values.map((v, i) => Math.abs(v - ours[i]!))) / scale;
          expect(error, `${penalty}, ${parameter}`).toBeLessThan(1e-4);
        }
      });
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});
