/**
 * Einsum as one batched matrix product: labels that both operands and the output have are the batch, those that only the
 * operands share are contracted, and a label that one operand has alone is summed first. wasm has no Einsum; that of the
 * other backends multiplies every label out in one array, and gives wrong numbers when only one operand has a summed label
 * ('ij,k->k').
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

/** Orders the axes of `x` as in `to`, summing the labels that `to` lacks. */
function project(x: tf.Tensor, from: string, to: string): tf.Tensor {
  const surplus = Array.from(from, (_, axis) => axis).filter((axis) => !to.includes(from[axis]!));
  const summed = surplus.length > 0 ? tf.sum(x, surplus) : x;
  const left = [...from].filter((label) => to.includes(label));
  return tf.transpose(
    summed,
    [...to].map((label) => left.indexOf(label)),
  );
}

/** The einsum of one or two operands, by sums, transpositions and one product. */
export function einsum(equation: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const [terms, output] = equation.replace(/\s/g, '').split('->') as [string, string];
  const [a, b] = terms.split(',') as [string, string | undefined];
  if (b === undefined) return project(operands[0]!, a, output);
  const sizes = new Map<string, number>();
  [a, b].forEach((labels, i) => {
    [...labels].forEach((label, axis) => {
      sizes.set(label, operands[i]!.shape[axis]!);
    });
  });
  const shapeOf = (labels: string) => [...labels].map((label) => sizes.get(label)!);
  const sizeOf = (labels: string) => shapeOf(labels).reduce((product, size) => product * size, 1);
  const pick = (labels: string, holds: (label: string) => boolean) => [...labels].filter(holds).join('');
  const batch = pick(a, (label) => b.includes(label) && output.includes(label));
  const contracted = pick(a, (label) => b.includes(label) && !output.includes(label));
  const rows = pick(a, (label) => !b.includes(label) && output.includes(label));
  const columns = pick(b, (label) => !a.includes(label) && output.includes(label));
  const left = tf.reshape(project(operands[0]!, a, batch + rows + contracted), [
    sizeOf(batch),
    sizeOf(rows),
    sizeOf(contracted),
  ]);
  const right = tf.reshape(project(operands[1]!, b, batch + contracted + columns), [
    sizeOf(batch),
    sizeOf(contracted),
    sizeOf(columns),
  ]);
  const product = tf.reshape(tf.matMul(left, right), shapeOf(batch + rows + columns));
  return project(product, batch + rows + columns, output);
}

/** The kernel for one backend. */
export function einsumKernel(backendName: string, kind: KernelRepair['kind']): KernelRepair {
  return {
    kernelName: 'Einsum',
    backendName,
    kind,
    kernelFunc: ({ inputs, attrs }) => {
      const { equation } = attrs as { equation: string };
      return tf.tidy(() => einsum(equation, Object.values(inputs) as tf.Tensor[]));
    },
  };
}
