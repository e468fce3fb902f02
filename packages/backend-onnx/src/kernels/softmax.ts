/** Softmax and its logarithm over the last axis. */

import type * as tf from '@tensorflow/tfjs';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

function run(call: KernelCall, operator: string, axisAttribute: string): tf.TensorInfo | undefined {
  const logits = input(call, 'logits');
  const axis = (call.attrs[axisAttribute] as number | undefined) ?? -1;
  const rank = logits.shape.length;
  if (!isFloat(logits) || sizeOf(logits.shape) === 0 || (axis !== -1 && axis !== rank - 1)) return undefined;
  const { backend } = call;
  const out = backend.reserve(logits.shape, 'float32');
  backend.run(
    operator,
    () => singleOperator(operator, [FLOAT], [FLOAT], { attributes: { axis: -1 } }),
    [backend.operand(logits)],
    [backend.operand(out)],
  );
  return out;
}

export const softmaxKernels: NativeKernel[] = [{ name: 'Softmax', run: (call) => run(call, 'Softmax', 'dim') }];
