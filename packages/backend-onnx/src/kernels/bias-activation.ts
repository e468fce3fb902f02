/** The tail of fused kernels: add a bias per channel and apply an activation, in place. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { input, isFloat, type KernelCall, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

/** Numbers that the WebAssembly kernels know the activations by. */
export const activationCodes: Record<string, number> = { linear: 0, relu: 1, leakyrelu: 2, relu6: 3 };

/** Activations that ONNX Runtime applies after the bias. */
const operators: Record<string, string> = { sigmoid: 'Sigmoid', elu: 'Elu', tanh: 'Tanh' };

/** Whether a fused kernel's bias and activation are ones that `addBiasAndActivation` knows. */
export function isFusible(call: KernelCall): boolean {
  const { bias, preluActivationWeights } = call.inputs;
  const activation = (call.attrs['activation'] as string | undefined) ?? 'linear';
  if (preluActivationWeights !== undefined && preluActivationWeights !== null) return false;
  if (!(activation in activationCodes) && !(activation in operators)) return false;
  return bias === undefined || bias === null || isFloat(bias);
}

/** A bias and an activation as the WebAssembly kernels take them. */
export interface Finish {
  /** Offset of one number per channel, or 0. */
  bias: number;
  /** One of `activationCodes`. */
  activation: number;
  /** Of the leaky activation. */
  slope: number;
}

/** Those of a fused kernel, where WebAssembly kernels can apply all of it. */
export function biasAndActivation(call: KernelCall, channels: number): Finish | undefined {
  const { backend, attrs } = call;
  const activation = activationCodes[(attrs['activation'] as string | undefined) ?? 'linear'];
  const bias = call.inputs['bias'] ?? undefined;
  if (activation === undefined || (bias !== undefined && !isPerChannel(bias, channels))) return undefined;
  return {
    bias: bias === undefined ? 0 : backend.pointer(input(call, 'bias')),
    activation,
    slope: (attrs['leakyreluAlpha'] as number | undefined) ?? DEFAULT_SLOPE,
  };
}

const DEFAULT_SLOPE = 0.2;

function isPerChannel(bias: tf.TensorInfo, channels: number): boolean {
  return sizeOf(bias.shape) === channels && (bias.shape[bias.shape.length - 1] ?? 1) === channels;
}

/** Over `size` elements in rows of `columns`. */
export function applyBiasAndActivation(
  backend: OnnxBackend,
  from: number,
  to: number,
  size: number,
  columns: number,
  { bias, activation, slope }: Finish,
): void {
  kernelInRanges(backend, 'bias_activation', { total: size / columns, elements: 2 * size }, ({ first, count }) => {
    const skip = 4 * first * columns;
    return [from + skip, bias, to + skip, count, columns, activation, slope];
  });
}

/** Changes `out`, fresh from a kernel, and returns it. The bias must have one element per last axis, or one in all. */
export function addBiasAndActivation(call: KernelCall, out: tf.TensorInfo): tf.TensorInfo | undefined {
  const { backend, attrs } = call;
  const bias = call.inputs['bias'] ?? undefined;
  const activation = (attrs['activation'] as string | undefined) ?? 'linear';
  const columns = out.shape[out.shape.length - 1] ?? 1;
  const size = sizeOf(out.shape);
  if (bias !== undefined && !isPerChannel(bias, columns)) {
    backend.disposeData(out.dataId);
    return undefined;
  }
  if (size === 0) return out;
  const code = activationCodes[activation];
  if (bias !== undefined || (code !== undefined && code !== 0)) {
    const pointer = backend.pointer(out);
    const slope = (attrs['leakyreluAlpha'] as number | undefined) ?? DEFAULT_SLOPE;
    const biasPointer = bias === undefined ? 0 : backend.pointer(input(call, 'bias'));
    applyBiasAndActivation(backend, pointer, pointer, size, columns, {
      bias: biasPointer,
      activation: code ?? 0,
      slope,
    });
  }
  const operator = operators[activation];
  if (operator !== undefined) {
    const operand = backend.operand(out);
    backend.run(operator, () => singleOperator(operator, [FLOAT], [FLOAT]), [operand], [operand]);
  }
  return out;
}
