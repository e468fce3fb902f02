/**
 * Kernels of webgl and webgpu for more than four axes: their own throw, do not compile, or give wrong numbers. Axes that a kernel does not
 * look at are merged, so that three are enough.
 */
import * as tf from '@tensorflow/tfjs';
import { padOrCropAxis } from './dilate-axis.ts';
import type { KernelRepair } from './repair.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

const mostAxes = 4;

function reverseAxis(x: tf.Tensor, axis: number): tf.Tensor {
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  return tf.reshape(tf.reverse(tf.reshape(x, [outer, x.shape[axis]!, inner]), 1), x.shape);
}

function reverse({ inputs, attrs }: KernelParams): tf.Tensor {
  const x = inputs['x'] as tf.Tensor;
  const axes = tf.util.parseAxisParam((attrs as unknown as { dims: number | number[] }).dims, x.shape);
  return axes.reduce(reverseAxis, tf.clone(x) as tf.Tensor);
}

function pad({ inputs, attrs }: KernelParams): tf.Tensor {
  const { paddings, constantValue } = attrs as unknown as { paddings: [number, number][]; constantValue: number };
  return paddings.reduce(
    (padded, [before, after], axis) => padOrCropAxis(padded, axis, before, after, constantValue),
    tf.clone(inputs['x'] as tf.Tensor) as tf.Tensor,
  );
}

function select({ inputs }: KernelParams): tf.Tensor {
  const [condition, t, e] = [inputs['condition'] as tf.Tensor, inputs['t'] as tf.Tensor, inputs['e'] as tf.Tensor];
  return tf.reshape(tf.where(tf.reshape(condition, [-1]), tf.reshape(t, [-1]), tf.reshape(e, [-1])), t.shape);
}

/** The operand that decides, and the kernel for more axes than the backend's own takes. */
const kernels: readonly [name: string, operand: string, run: (params: KernelParams) => tf.Tensor][] = [
  ['Reverse', 'x', reverse],
  ['PadV2', 'x', pad],
  ['Select', 't', select],
];

export function highRanks(backendName: string): KernelRepair[] {
  return kernels.map(([kernelName, operand, run]) => ({
    kernelName,
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const { shape } = params.inputs[operand] as tf.TensorInfo;
      return shape.length > mostAxes ? tf.tidy(() => run(params)) : original(params);
    },
  }));
}
