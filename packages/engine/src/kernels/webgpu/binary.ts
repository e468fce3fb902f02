/**
 * Kernels of two operands for webgpu: where one has one axis and the result more than four, the shader does not compile, and webgpu
 * answers with what was in memory. The operand gets as many axes as the result.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

const mostAxes = 4;

function withAxes(x: tf.Tensor, rank: number): tf.Tensor {
  return x.rank === 1 ? tf.reshape(x, [...new Array<number>(rank - 1).fill(1), x.size]) : x;
}

/** Powers of integers come out as powers of floats with their fraction cut off: 5 to the third is 124. */
function integerPower(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.cast(tf.round(tf.pow(tf.cast(a, 'float32'), tf.cast(b, 'float32'))), 'int32');
}

const kernels: readonly [name: string, a: string, b: string][] = [
  ...[
    ...['Add', 'Sub', 'Multiply', 'RealDiv', 'FloorDiv', 'Mod', 'Pow', 'SquaredDifference', 'Atan2'],
    ...['Maximum', 'Minimum', 'LogicalAnd', 'LogicalOr'],
    ...['Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'],
  ].map((name): [string, string, string] => [name, 'a', 'b']),
  ['Prelu', 'x', 'alpha'],
];

export const webgpuBinary: readonly KernelRepair[] = kernels.map(([kernelName, nameA, nameB]) => ({
  kernelName,
  backendName: 'webgpu',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const [a, b] = [params.inputs[nameA] as tf.Tensor, params.inputs[nameB] as tf.Tensor];
    if (kernelName === 'Pow' && a.dtype === 'int32') return tf.tidy(() => integerPower(a, b));
    const rank = Math.max(a.shape.length, b.shape.length);
    if (rank <= mostAxes || (a.shape.length !== 1 && b.shape.length !== 1)) return original(params);
    return tf.tidy(() => {
      const inputs = { ...params.inputs, [nameA]: withAxes(a, rank), [nameB]: withAxes(b, rank) };
      return tf.engine().makeTensorFromTensorInfo(original({ ...params, inputs }) as tf.TensorInfo);
    });
  },
}));
