/** Matrix products, einsum and dense layers. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase, type Range } from '../gradient-case.ts';
import { type Array64, at, broadcastShape, build, map, zip } from '../reference/array64.ts';
import { each } from '../reference/convolution.ts';

function swap(shape: readonly number[], swapped: boolean): number[] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return [...shape.slice(0, -2), ...(swapped ? [columns, rows] : [rows, columns])];
}

function product(a: Array64, b: Array64, transposeA: boolean, transposeB: boolean): Array64 {
  const [rows, inner] = swap(a.shape, transposeA).slice(-2) as [number, number];
  const columns = swap(b.shape, transposeB).slice(-1)[0]!;
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return build([...batch, rows, columns], (index) => {
    const lead = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    let total = 0;
    for (let k = 0; k < inner; k++) {
      total +=
        at(a, [...lead, ...(transposeA ? [k, i] : [i, k])]) * at(b, [...lead, ...(transposeB ? [j, k] : [k, j])]);
    }
    return total;
  });
}

const batches: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['', [], []],
  ['batches, ', [2], [2]],
  ['batches [1] and [3], ', [1], [3]],
  ['batches [2,1] and [3], ', [2, 1], [3]],
];

const matMuls = batches.flatMap(([name, batchA, batchB]) =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) =>
      gradientCase(
        'matMul',
        `${name}transposeA ${transposeA}, transposeB ${transposeB}`,
        [
          [...batchA, ...swap([2, 3], transposeA)],
          [...batchB, ...swap([3, 2], transposeB)],
        ],
        (a, b) => tf.matMul(a!, b!, transposeA, transposeB),
        (a, b) => product(a!, b!, transposeA, transposeB),
      ),
    ),
  ),
);

/** Einsum by its definition: a sum over every value of every label. */
function einsum(equation: string, operands: readonly Array64[]): Array64 {
  const [terms, output] = equation.split('->') as [string, string];
  const labels = terms.split(',');
  const all = [...new Set(labels.join(''))];
  const sizes = all.map((label) => {
    const i = labels.findIndex((term) => term.includes(label));
    return operands[i]!.shape[labels[i]!.indexOf(label)]!;
  });
  const indexOf = (term: string, values: readonly number[]) => [...term].map((label) => values[all.indexOf(label)]!);
  const shape = indexOf(output, sizes);
  const total = build(shape, () => 0);
  each(sizes, (values) => {
    let offset = 0;
    indexOf(output, values).forEach((i, axis) => {
      offset = offset * shape[axis]! + i;
    });
    total.data[offset]! += labels.reduce((value, term, i) => value * at(operands[i]!, indexOf(term, values)), 1);
  });
  return total;
}

const einsums = [
  'ij,jk->ik',
  'bij,bjk->bik',
  'bij,bkj->bki',
  'ijk,k->ij',
  'ij,ij->',
  'i,j->ij',
  'ij,k->k',
  'ij->ji',
  'ijk->j',
].map((equation) => {
  const sizes: Record<string, number> = { b: 2, i: 2, j: 3, k: 4 };
  const shapes = equation
    .split('->')[0]!
    .split(',')
    .map((term) => [...term].map((label) => sizes[label]!));
  return gradientCase(
    'einsum',
    equation,
    shapes,
    (...xs) => tf.einsum(equation, ...xs),
    (...xs) => einsum(equation, xs),
  );
});

const small: Range = { low: -0.9, high: 0.9 };

export const matrixCases: readonly GradientCase[] = [
  ...matMuls,
  ...einsums,
  gradientCase(
    'fused.matMul',
    'bias, linear',
    [[3, 4], [4, 2], [2]],
    (a, b, bias) =>
      tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, transposeA: false, transposeB: false, bias: bias! }),
    (a, b, bias) => zip(product(a!, b!, false, false), bias!, (x, y) => x + y),
  ),
  gradientCase(
    'fused.matMul',
    'bias, relu',
    [[3, 4], [4, 2], [2]],
    (a, b, bias) =>
      tf.fused.matMul({
        a: a as tf.Tensor2D,
        b: b as tf.Tensor2D,
        transposeA: false,
        transposeB: false,
        bias: bias!,
        activation: 'relu',
      }),
    (a, b, bias) => zip(product(a!, b!, false, false), bias!, (x, y) => Math.max(0, x + y)),
    small,
  ),
  gradientCase(
    'dot',
    '',
    [[3, 4], [4]],
    (a, b) => tf.dot(a!, b!),
    (a, b) => einsum('ij,j->i', [a!, b!]),
  ),
  gradientCase(
    'outerProduct',
    '',
    [[3], [4]],
    (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    (a, b) => map(einsum('i,j->ij', [a!, b!]), (value) => value),
  ),
];
