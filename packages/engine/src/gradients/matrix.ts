/** Gradients of matrix products and of einsum. */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, sumToShape } from './gradient.ts';

/** As in tfjs, but summed over the batch axes along which an operand was broadcast, without which it throws. */
const batchMatMul: Gradient = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b], attributes) => {
    const transposeA = Boolean(attributes['transposeA']);
    const transposeB = Boolean(attributes['transposeB']);
    return {
      a: () =>
        sumToShape(transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB), a!.shape),
      b: () =>
        sumToShape(transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false), b!.shape),
    };
  },
};

/** Adds axes of size 1 for the labels of `to` that `from` lacks, orders the axes as in `to`, and repeats along the new ones. */
function broadcastLabels(x: tf.Tensor, from: string, to: string, shape: readonly number[]): tf.Tensor {
  const present = [...to].filter((label) => from.includes(label));
  const ordered = tf.transpose(
    x,
    present.map((label) => from.indexOf(label)),
  );
  const kept = shape.map((size, axis) => (from.includes(to[axis]!) ? size : 1));
  return tf.mul(tf.reshape(ordered, kept), tf.ones([...shape]));
}

/** Each operand's gradient is an einsum of `dy` with the other operand; a label summed away alone is broadcast back. */
const einsum: Gradient = {
  kernelName: 'Einsum',
  saveAllInputs: true,
  gradFunc: (dy, operands, attributes) => {
    const [terms, output] = (attributes['equation'] as string).replace(/\s/g, '').split('->') as [string, string];
    const labels = terms.split(',');
    return Object.fromEntries(
      operands.map((operand, i) => [
        i,
        () => {
          const own = labels[i]!;
          if (operands.length === 1) return broadcastLabels(dy, output, own, operand.shape);
          const other = labels[1 - i]!;
          const shared = [...own].filter((label) => output.includes(label) || other.includes(label)).join('');
          const product = tf.einsum(`${output},${other}->${shared}`, dy, operands[1 - i]!);
          return broadcastLabels(product, shared, own, operand.shape);
        },
      ]),
    );
  },
};

export const matrixGradients: readonly Gradient[] = [batchMatMul, einsum];
