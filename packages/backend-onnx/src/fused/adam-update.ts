/** One step of Adam for one parameter, in one pass over its elements (Kingma and Ba 2015, Algorithm 1). */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackendError } from '../errors.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from '../kernels/native-kernel.ts';
import { hasKernel } from './activation.ts';

const KERNEL = 'AdamUpdate';

export interface AdamUpdateOptions {
  /** How many updates the parameter has had after this one, from 1. */
  step: number;
  /** Default 0.001. */
  learningRate?: number;
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.999. */
  beta2?: number;
  /** Added to the denominator. Default 1e-8. */
  epsilon?: number;
  /** Times the parameter, added to the gradient (L2). Default 0. */
  weightDecay?: number;
  /** The parameter shrinks by this part of the learning rate (AdamW). Default 0. */
  decoupledWeightDecay?: number;
  /**
   * Whether the caller lets go of value and moments: what nobody else refers to is then written over, and only the results may
   * be read afterwards. A clone that was taken before keeps its numbers. False by default.
   */
  inPlace?: boolean;
}

/** New tensors, owned by the caller; with `inPlace` they may share their elements with those that were given. */
export interface AdamUpdateResult {
  value: tf.Tensor;
  firstMoment: tf.Tensor;
  secondMoment: tf.Tensor;
}

/**
 * `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`, `value - learningRate m^ / (sqrt(v^) + epsilon)`, with
 * `m^ = m / (1 - b1^step)` and `v^ = v / (1 - b2^step)`. Not differentiable. On backends without the fused kernel it is made
 * of plain operations.
 *
 * @param value any shape; gradient and moments have the same
 * @throws OnnxBackendError for shapes that differ or a step below 1.
 */
export function adamUpdate(
  value: tf.Tensor,
  gradient: tf.Tensor,
  firstMoment: tf.Tensor,
  secondMoment: tf.Tensor,
  options: AdamUpdateOptions,
): AdamUpdateResult {
  const { step, learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0, decoupledWeightDecay = 0, inPlace = false } = options;
  for (const other of [gradient, firstMoment, secondMoment]) {
    if (!tf.util.arraysEqual(value.shape, other.shape)) {
      throw new OnnxBackendError(
        `adamUpdate got a value of shape [${value.shape}] and with it one of [${other.shape}]; give four tensors of one shape.`,
      );
    }
  }
  if (!(step >= 1)) throw new OnnxBackendError(`adamUpdate got step ${step}; count updates from 1.`);
  // The corrections of both moments, folded into two numbers.
  const correction = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * correction) / (1 - beta1 ** step);
  const attrs = {
    beta1,
    beta2,
    rate,
    epsilon: epsilon * correction,
    decay: weightDecay,
    shrink: 1 - learningRate * decoupledWeightDecay,
    inPlace,
  };
  if (hasKernel(KERNEL)) {
    const inputs = { value, gradient, firstMoment, secondMoment };
    const [newValue, newFirst, newSecond] = tf.engine().runKernel(KERNEL, inputs, attrs) as unknown as tf.Tensor[];
    return {
      value: newValue as tf.Tensor,
      firstMoment: newFirst as tf.Tensor,
      secondMoment: newSecond as tf.Tensor,
    };
  }
  return tf.tidy(() => {
    const g = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(value, attrs.decay));
    const first = tf.add(tf.mul(firstMoment, beta1), tf.mul(g, 1 - beta1));
    const second = tf.add(tf.mul(secondMoment, beta2), tf.mul(tf.square(g), 1 - beta2));
    const change = tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), attrs.epsilon));
    return {
      value: tf.sub(tf.mul(value, attrs.shrink), change),
      firstMoment: first,
      secondMoment: second,
    };
  });
}

/** Whether value and moments have elements of their own that nobody else refers to. */
function belongToCaller({ backend }: KernelCall, state: readonly tf.TensorInfo[]): boolean {
  const own = new Set(state.map(({ dataId }) => dataId));
  return own.size === state.length && state.every(({ dataId }) => backend.refCount(dataId) === 1);
}

function run(call: KernelCall): tf.TensorInfo[] {
  const { backend, attrs } = call;
  const [value, gradient, first, second] = ['value', 'gradient', 'firstMoment', 'secondMoment'].map((name) =>
    input(call, name),
  ) as [tf.TensorInfo, tf.TensorInfo, tf.TensorInfo, tf.TensorInfo];
  const [beta1, beta2] = [attrs['beta1'] as number, attrs['beta2'] as number];
  const size = sizeOf(value.shape);
  const constants = () =>
    backend.numbers([
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      attrs['rate'] as number,
      attrs['epsilon'] as number,
      (attrs['decay'] as number | undefined) ?? 0,
      (attrs['shrink'] as number | undefined) ?? 1,
    ]);
  const state = [value, first, second];
  // A gradient that stands in for the first moment is the caller's, and is read later.
  if (attrs['inPlace'] === true && first.dataId !== gradient.dataId && belongToCaller(call, state)) {
    const pointers = [value, gradient, first, second].map((info) => backend.pointer(info));
    backend.kernel('adam_in_place')(...pointers, size, constants());
    return state.map((info) => backend.alias(info));
  }
  const outputs = state.map(() => backend.reserve(value.shape, 'float32'));
  const pointers = [value, gradient, first, second, ...outputs].map((info) => backend.pointer(info));
  backend.kernel('adam')(...pointers, size, constants());
  return outputs;
}

/** Kernel for the registry; see the README for its inputs and attributes. */
export const adamUpdateKernel: NativeKernel = { name: KERNEL, run };
