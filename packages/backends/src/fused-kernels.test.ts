// On the native backend Adam and batch normalisation run in kernels of one pass: the same numbers as the plain operations on cpu.
import { RandomStream } from '@gankit/core';
import { adam, adamW } from '@gankit/engine';
import { batchNormalization } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { relativeError } from './check/sequence.ts';
import { selectBackend } from './select-backend.ts';

// Where the native library cannot run (another processor, say) there is nothing to compare.
const { backend } = await selectBackend({ prefer: 'onnx' });

/** Every kernel that ran while `run` did, on `backend`. */
async function on(backendName: string, run: () => number[]): Promise<{ values: number[]; kernels: readonly string[] }> {
  await tf.setBackend(backendName);
  let values: number[] = [];
  const { kernelNames } = await tf.profile(() => {
    values = run();
    return tf.scalar(0);
  });
  return { values, kernels: kernelNames };
}

afterAll(async () => {
  await tf.setBackend('cpu');
});

describe.skipIf(backend !== 'onnx')('fused kernels', () => {
  const optimizers = {
    adam: () => adam({ learningRate: 0.1, beta1: 0.5 }),
    'adam without a first moment': () => adam({ learningRate: 0.1, beta1: 0, beta2: 0.9 }),
    'adam with decay': () => adam({ learningRate: 0.1, weightDecay: 0.1 }),
    adamW: () => adamW({ learningRate: 0.1, weightDecay: 0.3 }),
  };

  it.each(Object.entries(optimizers))('%s', async (_, make) => {
    const train = () =>
      tf
        .tidy(() => {
          const variable = tf.variable(new RandomStream('start').normalTensor([300]));
          const optimizer = make();
          for (let step = 0; step < 5; step++) {
            optimizer.applyGradients([{ name: 'a', variable, gradient: new RandomStream(step).normalTensor([300]) }]);
          }
          optimizer.dispose();
          const values = Array.from(variable.dataSync());
          variable.dispose();
          return tf.tensor1d(values);
        })
        .arraySync();
    const [native, plain] = [await on('onnx', train), await on('cpu', train)];
    expect(native.kernels).toContain('AdamUpdate');
    expect(plain.kernels).not.toContain('AdamUpdate');
    expect(relativeError(native.values, plain.values)).toBeLessThan(1e-6);
  });

  it.each([
    ['linear', {}],
    ['leaky, without scale', { scale: false, activation: { leakyRelu: 0.2 } }],
    ['relu, without offset', { center: false, activation: 'relu' }],
  ] as const)('batch normalisation, %s: values, averages, gradient and gradient of a penalty', async (_, options) => {
    const run = () => {
      const layer = batchNormalization({ momentum: 0.5, ...options });
      const x = new RandomStream('x').normalTensor([6, 5, 4, 8]);
      const weights = new RandomStream('w').normalTensor([6, 5, 4, 8]);
      const forward = (input: tf.Tensor) => layer.apply(input, { training: true, updateState: false }) as tf.Tensor;
      const y = layer.apply(x, { training: true, updateState: true }) as tf.Tensor;
      const slope = (input: tf.Tensor) =>
        tf.grad((z: tf.Tensor) => tf.sum(tf.mul(tf.tanh(forward(z)), weights)))(input);
      const penalty = tf.grad((input: tf.Tensor) => tf.sum(tf.square(slope(input))))(x);
      const found = [y, slope(x), penalty, ...layer.weights.map((weight) => weight.read())];
      return found.flatMap((tensor) => Array.from(tensor.dataSync()));
    };
    const [native, plain] = [await on('onnx', run), await on('cpu', run)];
    expect(native.kernels).toContain('BatchNormActivation');
    expect(native.kernels).toContain('BatchNormActivationGrad');
    expect(relativeError(native.values, plain.values)).toBeLessThan(1e-5);
  });
});
