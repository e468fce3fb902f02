/** Fused operations against plain operations on the cpu backend: values, gradients, second derivatives, leaks. */

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSameAsCpu, tensorOf } from '../testing/compare-with-cpu.ts';
import type { FusedActivation } from './activation.ts';
import { adamUpdate } from './adam-update.ts';
import { batchNormActivation } from './batch-norm-activation.ts';
import { biasActivation } from './bias-activation.ts';

beforeAll(async () => {
  await tf.setBackend('onnx');
});

const activations: FusedActivation[] = ['linear', 'relu', { leakyRelu: 0.2 }];
const cases = activations.flatMap((activation) => [1, 3, 8, 21].map((channels) => ({ activation, channels })));

/** Batch normalisation as one writes it by hand: the reference for the gradients. */
function byHand(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, activation: FusedActivation): tf.Tensor {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const { mean, variance } = tf.moments(x, axes);
  const z = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), offset);
  if (activation === 'linear') return z;
  return activation === 'relu' ? tf.relu(z) : tf.leakyRelu(z, activation.leakyRelu);
}

describe("gradients of tfjs's own operations", () => {
  /** As tf.layers' batch normalisation does it in training. */
  const normalized = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
    const { mean, variance } = tf.moments(
      x,
      x.shape.slice(0, -1).map((_, axis) => axis),
    );
    return tf.batchNorm(
      x as tf.Tensor4D,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      offset as tf.Tensor1D,
      scale as tf.Tensor1D,
      1e-3,
    );
  };

  // The last is large enough to be done in parts.
  it.each([[[5, 3]], [[4, 3, 5, 21]], [[16, 32, 32, 16]]])('batchNorm with the moments of x %j', (shape) =>
    expectSameAsCpu(() => {
      const channels = shape[shape.length - 1] as number;
      const values = [tensorOf(1, shape), tf.add(tensorOf(2, [channels]), 1.5), tensorOf(3, [channels])];
      const [x, scale, offset] = values as [tf.Tensor, tf.Tensor, tf.Tensor];
      // By hand on cpu, whose gradients of batchNorm are wrong for two axes.
      const f = (x: tf.Tensor, s: tf.Tensor, o: tf.Tensor) =>
        tf.getBackend() === 'onnx' ? normalized(x, s, o) : byHand(x, s, o, 'linear');
      return tf.grads(f)([x, scale, offset], tensorOf(4, shape));
    }, 1e-3),
  );

  it('batchNorm with given moments', () =>
    expectSameAsCpu(() => {
      const f = (x: tf.Tensor, ...[mean, variance, offset, scale]: tf.Tensor[]) =>
        tf.batchNorm4d(
          x as tf.Tensor4D,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          offset as tf.Tensor1D,
          scale as tf.Tensor1D,
          0.1,
        );
      const perChannel = [2, 3, 4, 5].map((seed) => tf.add(tensorOf(seed, [6]), 1.5));
      return tf.grads(f as (...xs: tf.Tensor[]) => tf.Tensor)(
        [tensorOf(1, [3, 2, 2, 6]), ...perChannel],
        tensorOf(6, [3, 2, 2, 6]),
      );
    }, 1e-4));

  it.each([[[0]], [[1]], [[0, 2]], [[0, 1, 2]]])('mean and sum over %j, kept or not', (axes) =>
    expectSameAsCpu(() => {
      const x = tensorOf(1, [3, 4, 5]);
      return [tf.mean, tf.sum].flatMap((reduce) =>
        [false, true].map((keepDims) => tf.grad((x) => tf.sum(tf.exp(reduce(x, axes, keepDims))))(x)),
      );
    }),
  );

  it('have second derivatives', () =>
    expectSameAsCpu(() => {
      const inner = (x: tf.Tensor) => tf.mean(tf.pow(tf.sum(tf.exp(x), 1), 3)) as tf.Scalar;
      return tf.grad((x) => tf.sum(tf.square(tf.grad(inner)(x))))(tensorOf(1, [3, 4]));
    }, 1e-4));
});

describe.each(cases)('batchNormActivation %j', ({ activation, channels }) => {
  const x = () => tf.add(tf.mul(tensorOf(1, [6, 5, 7, channels]), 2), 3);
  const scale = () => tf.add(tensorOf(2, [channels]), 1.5) as tf.Tensor1D;
  const offset = () => tensorOf(3, [channels]) as tf.Tensor1D;

  it('gives the values and gradients of plain operations', () =>
    expectSameAsCpu(() => {
      const isFused = tf.getBackend() === 'onnx';
      const f = (x: tf.Tensor, s: tf.Tensor, o: tf.Tensor) =>
        isFused
          ? batchNormActivation(x, s as tf.Tensor1D, o as tf.Tensor1D, { activation }).y
          : byHand(x, s, o, activation);
      const dy = tensorOf(4, [6, 5, 7, channels]);
      return [f(x(), scale(), offset()), ...tf.grads(f)([x(), scale(), offset()], dy)];
    }, 1e-4));

  it('gives the moments', () =>
    expectSameAsCpu(() => {
      const { mean, variance } = batchNormActivation(x(), scale(), offset(), { activation });
      return [mean, variance];
    }, 1e-5));

  it('gives the second derivatives of plain operations', () =>
    expectSameAsCpu(() => {
      const isFused = tf.getBackend() === 'onnx';
      const dy = tensorOf(4, [6, 5, 7, channels]);
      // The squared gradient norm of a gradient penalty.
      const o = offset();
      const penalty = (x: tf.Tensor, s: tf.Tensor): tf.Scalar => {
        const inner = (x: tf.Tensor) =>
          isFused
            ? batchNormActivation(x, s as tf.Tensor1D, o, { activation }).y
            : tf.tidy(() => {
                const axes = [0, 1, 2];
                const deviation = tf.sub(x, tf.mean(x, axes));
                const variance = tf.mean(tf.square(deviation), axes);
                const z = tf.add(tf.mul(tf.mul(deviation, tf.rsqrt(tf.add(variance, 1e-3))), s), o);
                const slope = activation === 'linear' ? 1 : activation === 'relu' ? 0 : activation.leakyRelu;
                return slope === 1 ? z : tf.mul(z, tf.step(z, slope));
              });
        return tf.sum(tf.square(tf.grad(inner)(x, dy))) as tf.Scalar;
      };
      const [dx, dScale] = tf.grads(penalty)([x(), scale()]);
      return [dx as tf.Tensor, dScale as tf.Tensor];
    }, 1e-3));
});

describe.each(activations)('biasActivation %j', (activation) => {
  it('gives the values, gradients and second derivatives of plain operations', () =>
    expectSameAsCpu(() => {
      const isFused = tf.getBackend() === 'onnx';
      const slope = activation === 'linear' ? 1 : activation === 'relu' ? 0 : activation.leakyRelu;
      const plain = (x: tf.Tensor, b: tf.Tensor) => {
        const z = tf.add(x, b);
        return tf.mul(z, tf.step(z, slope));
      };
      const f = (x: tf.Tensor, b: tf.Tensor) =>
        isFused ? biasActivation(x, b as tf.Tensor1D, activation) : plain(x, b);
      const [x, b, dy] = [tensorOf(1, [4, 9, 10]), tensorOf(2, [10]), tensorOf(3, [4, 9, 10])];
      const cubed = (x: tf.Tensor) => tf.mul(f(x, b), tf.square(f(x, b)));
      const penalty = (x: tf.Tensor) => tf.sum(tf.square(tf.grad(cubed)(x, dy))) as tf.Scalar;
      return [f(x, b), ...tf.grads(f)([x, b], dy), tf.grad(penalty)(x)];
    }, 1e-4));
});

describe('adamUpdate', () => {
  it.each([
    { step: 1 },
    { step: 7, beta1: 0.5, learningRate: 2e-4, weightDecay: 0.1 },
    { step: 1000, beta1: 0, epsilon: 1e-3, decoupledWeightDecay: 0.01 },
  ])('gives what plain operations give: %j', (options) =>
    expectSameAsCpu(() => {
      const [value, gradient, first] = [tensorOf(1, [13, 7]), tensorOf(2, [13, 7]), tensorOf(3, [13, 7])];
      const result = adamUpdate(value, gradient, first, tf.square(tensorOf(4, [13, 7])), options);
      return [result.value, result.firstMoment, result.secondMoment];
    }, 1e-6),
  );

  it('in place gives the same numbers, in the same memory, and leaves clones alone', async () => {
    await tf.setBackend('onnx');
    const options = { step: 3, beta1: 0.5, weightDecay: 0.1, decoupledWeightDecay: 0.01 };
    const fresh = () => [1, 2, 3].map((seed) => tensorOf(seed, [13, 7])) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const dataId = ({ dataId }: tf.Tensor) => dataId;

    const [value, gradient, first] = fresh();
    const expected = adamUpdate(value, gradient, first, tf.square(value), options);
    const [own, ownGradient, ownFirst] = fresh();
    const ownSecond = tf.square(own);
    const before = [own, ownFirst, ownSecond].map(dataId);
    const inPlace = adamUpdate(own, ownGradient, ownFirst, ownSecond, { ...options, inPlace: true });
    expect([inPlace.value, inPlace.firstMoment, inPlace.secondMoment].map(dataId)).toEqual(before);
    for (const name of ['value', 'firstMoment', 'secondMoment'] as const) {
      expect([...inPlace[name].dataSync()]).toEqual([...expected[name].dataSync()]);
    }
    expect([...ownGradient.dataSync()]).toEqual([...gradient.dataSync()]);

    // Somebody holds a clone: new memory, and the clone keeps its numbers.
    const [held, heldGradient, heldFirst] = fresh();
    const clone = held.clone();
    const numbers = [...clone.dataSync()];
    const copied = adamUpdate(held, heldGradient, heldFirst, tf.square(held), { ...options, inPlace: true });
    expect(copied.value.dataId).not.toBe(held.dataId);
    expect([...clone.dataSync()]).toEqual(numbers);
    expect([...copied.value.dataSync()]).toEqual([...expected.value.dataSync()]);

    // Without a first moment the gradient stands in for it, and is not written over.
    const [last, lastGradient] = fresh();
    const untouched = [...lastGradient.dataSync()];
    adamUpdate(last, lastGradient, lastGradient, tf.square(last), { ...options, beta1: 0, inPlace: true });
    expect([...lastGradient.dataSync()]).toEqual(untouched);
  });

  it('takes the steps of tf.train.adam', () => {
    const optimizer = tf.train.adam(0.01, 0.5, 0.99, 1e-8);
    const variable = tf.variable(tensorOf(1, [5, 3]));
    let state = { value: variable.clone() as tf.Tensor, firstMoment: tf.zeros([5, 3]), secondMoment: tf.zeros([5, 3]) };
    for (let step = 1; step <= 5; step++) {
      const gradient = tensorOf(step + 1, [5, 3]);
      optimizer.applyGradients([{ name: variable.name, tensor: gradient }]);
      state = adamUpdate(state.value, gradient, state.firstMoment, state.secondMoment, {
        step,
        learningRate: 0.01,
        beta1: 0.5,
        beta2: 0.99,
      });
    }
    const [expected, actual] = [variable.dataSync(), state.value.dataSync()];
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
  });
});

describe('wrong arguments', () => {
  it('are named in the error', () => {
    const [x, b] = [tf.zeros([2, 3]), tf.zeros([4]) as tf.Tensor1D];
    expect(() => biasActivation(x, b)).toThrow('biasActivation got x [2,3] and bias [4]');
    expect(() => batchNormActivation(x, b, b)).toThrow('batchNormActivation got x [2,3]');
    expect(() => adamUpdate(x, b, x, x, { step: 1 })).toThrow('adamUpdate got a value of shape [2,3]');
    expect(() => adamUpdate(x, x, x, x, { step: 0 })).toThrow('step 0');
    expect(() => biasActivation(x, tf.zeros([3]) as tf.Tensor1D, { leakyRelu: 2 })).toThrow('leakyRelu is 2');
  });
});

describe('leaks', () => {
  it('there are none in a gradient of each order', () => {
    const [x, s, o] = [tensorOf(1, [8, 4]), tensorOf(2, [4]) as tf.Tensor1D, tensorOf(3, [4]) as tf.Tensor1D];
    const f = (x: tf.Tensor) => tf.sum(batchNormActivation(x, s, o, { activation: 'relu' }).y) as tf.Scalar;
    const g = (x: tf.Tensor) => tf.sum(tf.square(biasActivation(x, o, { leakyRelu: 0.1 }))) as tf.Scalar;
    const run = () => {
      for (const h of [f, g]) {
        tf.dispose(tf.valueAndGrad(h)(x));
        tf.dispose(tf.grad((x) => tf.sum(tf.square(tf.grad(h)(x))) as tf.Scalar)(x));
      }
    };
    run();
    const [tensors, bytes] = [
      tf.memory().numTensors,
      (tf.backend().memory() as { heapBytesInUse?: number }).heapBytesInUse,
    ];
    run();
    expect(tf.memory().numTensors).toBe(tensors);
    expect((tf.backend().memory() as { heapBytesInUse?: number }).heapBytesInUse).toBe(bytes);
  });
});
