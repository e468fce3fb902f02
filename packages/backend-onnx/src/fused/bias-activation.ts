/** A bias per channel and an activation in one pass; backward, both gradients in two. */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackendError } from '../errors.ts';
import { applyBiasAndActivation } from '../kernels/bias-activation.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from '../kernels/native-kernel.ts';
import { kernelInRanges } from '../kernels/ranges.ts';
import { sumOver } from '../kernels/reduce.ts';
import {
  activateComposite,
  derivativeComposite,
  type FusedActivation,
  hasKernel,
  needsSecondDerivative,
  slopeOf,
} from './activation.ts';

const FORWARD = 'BiasActivation';
const BACKWARD = 'BiasActivationGrad';

/**
 * `activation(x + bias)`. Differentiable by x and bias, to any order. On backends without the fused kernel it is made of
 * plain operations.
 *
 * @param x [..., channels]
 * @param bias [channels]
 * @param activation default `linear`
 * @throws OnnxBackendError for a bias of another size than the last axis.
 */
export function biasActivation<T extends tf.Tensor>(x: T, bias: tf.Tensor1D, activation?: FusedActivation): T {
  if (x.rank === 0 || bias.size !== x.shape[x.rank - 1]) {
    throw new OnnxBackendError(
      `biasActivation got x [${x.shape}] and bias [${bias.shape}]; give the bias one element per channel.`,
    );
  }
  const slope = slopeOf(activation);
  if (hasKernel(FORWARD)) {
    return tf.engine().runKernel(FORWARD, { x, bias } as unknown as tf.NamedTensorMap, { slope }) as T;
  }
  return tf.tidy(() => activateComposite(tf.add(x, bias) as T, slope));
}

/** Numbers that the WebAssembly kernel knows activations by. */
const LINEAR = 0;
const RELU = 1;
const LEAKY_RELU = 2;

function forward(call: KernelCall): tf.TensorInfo {
  const { backend, attrs } = call;
  const x = input(call, 'x');
  const columns = x.shape[x.shape.length - 1] as number;
  const slope = attrs['slope'] as number;
  const y = backend.reserve(x.shape, 'float32');
  const code = slope === 1 ? LINEAR : slope === 0 ? RELU : LEAKY_RELU;
  if (sizeOf(x.shape) > 0) {
    const finish = { bias: backend.pointer(input(call, 'bias')), activation: code, slope };
    applyBiasAndActivation(backend, backend.pointer(x), backend.pointer(y), sizeOf(x.shape), columns, finish);
  }
  return y;
}

function backward(call: KernelCall): tf.TensorInfo[] {
  const { backend, attrs } = call;
  const y = input(call, 'y');
  const dy = input(call, 'dy');
  const columns = y.shape[y.shape.length - 1] as number;
  const slope = attrs['slope'] as number;
  const dx = slope === 1 ? backend.alias(dy) : backend.reserve(y.shape, 'float32');
  const dBias = backend.reserve([columns], 'float32');
  if (slope !== 1) {
    const total = sizeOf(y.shape);
    const pointers = [y, dy, dx].map((info) => backend.pointer(info));
    kernelInRanges(backend, 'activation_gradient', { total, elements: 3 * total }, ({ first, count }) => [
      ...pointers.map((pointer) => pointer + 4 * first),
      ...[count, slope],
    ]);
  }
  const rows = columns === 0 ? 0 : sizeOf(y.shape) / columns;
  sumOver(backend, backend.pointer(dx), backend.pointer(dBias), [1, rows, columns], 1);
  return [dx, dBias];
}

/** Kernels for the registry; see the README for their inputs and attributes. */
export const biasActivationKernels: NativeKernel[] = [
  { name: FORWARD, run: forward },
  { name: BACKWARD, run: backward },
];

export const biasActivationGradient: tf.GradConfig = {
  kernelName: FORWARD,
  inputsToSave: ['x', 'bias'],
  outputsToSave: [true],
  gradFunc: (dys, saved, attrs) => {
    const dy = dys as tf.Tensor;
    const [x, bias, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const slope = attrs['slope'] as number;
    if (needsSecondDerivative()) {
      const dx = slope === 1 ? dy : tf.mul(dy, derivativeComposite(tf.add(x, bias), slope));
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      return { x: () => dx.clone(), bias: () => tf.sum(dx, axes) };
    }
    const [dx, dBias] = tf.engine().runKernel(BACKWARD, { dy, y }, attrs) as unknown as [tf.Tensor, tf.Tensor];
    return { x: () => dx, bias: () => dBias };
  },
};
