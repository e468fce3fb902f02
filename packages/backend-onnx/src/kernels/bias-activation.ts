/** The tail of fused kernels: add a bias per channel and apply an activation, in place. */

import type * as tf from '@tensorflow/tfjs';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { input, isFloat, type KernelCall, sizeOf } from './native-kernel.ts';

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

/** Changes `out`, fresh from a kernel, and returns it. The bias must have one element per last axis, or one in all. */
export function addBiasAndActivation(call: KernelCall, out: tf.TensorInfo): tf.TensorInfo | undefined {
  const { backend, attrs } = call;
  const bias = call.inputs['bias'] ?? undefined;
  const activation = (attrs['activation'] as string | undefined) ?? 'linear';
  const columns = out.shape[out.shape.length - 1] ?? 1;
  const size = sizeOf(out.shape);
  if (bias !== undefined && !(sizeOf(bias.shape) === columns && (bias.shape[bias.shape.length - 1] ?? 1) === columns)) {
    backend.disposeData(out.dataId);
    return undefined;
  }
  if (size === 0) return out;
  const code = activationCodes[activation];
  if (bias !== undefined || (code !== undefined && code !== 0)) {
    const pointer = backend.pointer(out);
    const slope = (attrs['leakyreluAlpha'] as number | undefined) ?? 0.2;
    const biasPointer = bias === undefined ? 0 : backend.pointer(input(call, 'bias'));
    backend.kernel('bias_activation')(pointer, biasPointer, pointer, size / columns, columns, code ?? 0, slope);
  }
  const operator = operators[activation];
  if (operator !== undefined) {
    const operand = backend.operand(out);
    backend.run(operator, () => singleOperator(operator, [FLOAT], [FLOAT]), [operand], [operand]);
  }
  return out;
}
