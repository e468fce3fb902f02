/** Matrix products with everything that may be fused to them, and einsum. */
import * as tf from '@tensorflow/tfjs';
import { type Array64, at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { Draw } from '../harness/draw.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { broadcastShape } from '../harness/shapes.ts';
import { build, drawValues, typed } from '../harness/values.ts';
import { drawBroadcast } from './binary.ts';

export const activations = {
  linear: (x: number) => x,
  relu: (x: number) => Math.max(0, x),
  relu6: (x: number) => Math.min(6, Math.max(0, x)),
  elu: (x: number) => (x >= 0 ? x : Math.expm1(x)),
  leakyrelu: (x: number) => (x >= 0 ? x : 0.3 * x),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
} as const;
export type ActivationName = keyof typeof activations;
export const activationNames = Object.keys(activations) as readonly ActivationName[];

interface Product {
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function drawProduct(draw: Draw, batchRank: number): Product {
  const [rows, inner, columns] = [draw.integer(1, 6), draw.rarely(12) ? 0 : draw.integer(1, 6), draw.integer(1, 6)];
  const [transposeA, transposeB] = [draw.yes(), draw.yes()];
  const [batchA, batchB] = batchRank === 0 ? [[], []] : drawBroadcast(draw, batchRank);
  return {
    a: [...batchA!, ...(transposeA ? [inner, rows] : [rows, inner])],
    b: [...batchB!, ...(transposeB ? [columns, inner] : [inner, columns])],
    transposeA,
    transposeB,
  };
}

function multiply(a: Array64, b: Array64, transposeA: boolean, transposeB: boolean): Array64 {
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const inner = transposeA ? aRows : aColumns;
  return build([...batch, transposeA ? aColumns : aRows, transposeB ? bRows : bColumns], (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const before = index.slice(0, -2);
    let total = 0;
    for (let k = 0; k < inner; k++) {
      total +=
        at(a, [...before, ...(transposeA ? [k, row] : [row, k])]) *
        at(b, [...before, ...(transposeB ? [column, k] : [k, column])]);
    }
    return total;
  });
}

const matMul: KernelProperty = {
  name: 'matMul',
  share: 3,
  generate(draw) {
    const { a: aShape, b: bShape, transposeA, transposeB } = drawProduct(draw, draw.integer(0, 2));
    const [a, b] = [drawValues(draw, aShape), drawValues(draw, bShape)];
    return {
      options: { transposeA, transposeB },
      inputs: [a, b],
      run: (x, y) => tf.matMul(x!, y!, transposeA, transposeB),
      expected: typed(multiply(a, b, transposeA, transposeB), 'float32'),
      terms: 10,
    };
  },
};

const integerProduct: KernelProperty = {
  name: 'matMul of integers',
  generate(draw) {
    const { a: aShape, b: bShape, transposeA, transposeB } = drawProduct(draw, 0);
    const [a, b] = [drawValues(draw, aShape, 'int32'), drawValues(draw, bShape, 'int32')];
    return {
      options: { transposeA, transposeB },
      inputs: [a, b],
      run: (x, y) => tf.matMul(x!, y!, transposeA, transposeB),
      expected: typed(multiply(a, b, transposeA, transposeB), 'int32'),
    };
  },
};

const fusedMatMul: KernelProperty = {
  name: 'fused.matMul',
  share: 2,
  generate(draw) {
    const { a: aShape, b: bShape, transposeA, transposeB } = drawProduct(draw, draw.integer(0, 1));
    const [a, b] = [drawValues(draw, aShape), drawValues(draw, bShape)];
    const product = multiply(a, b, transposeA, transposeB);
    const columns = product.shape[product.shape.length - 1]!;
    const withBias = draw.yes();
    const rows = product.shape[product.shape.length - 2]!;
    const bias = drawValues(draw, draw.pick([[columns], [1], [], [1, columns], [rows, 1], [rows, columns]]));
    const activation = draw.pick(activationNames);
    const apply = activations[activation];
    const { data } = build(product.shape, (index) => apply(at(product, index) + (withBias ? at(bias, index) : 0)));
    return {
      options: { transposeA, transposeB, activation, withBias },
      inputs: [a, b, bias],
      run: (x, y, z) =>
        tf.fused.matMul({
          a: x!,
          b: y!,
          transposeA,
          transposeB,
          activation,
          leakyreluAlpha: 0.3,
          ...(withBias && { bias: z! }),
        }),
      expected: typed({ shape: product.shape, data }, 'float32'),
      terms: 10,
    };
  },
};

const dot: KernelProperty = {
  name: 'dot',
  generate(draw) {
    const [rows, inner, columns] = [draw.integer(1, 5), draw.integer(1, 5), draw.integer(1, 5)];
    const a = drawValues(draw, draw.yes() ? [inner] : [rows, inner]);
    const b = drawValues(draw, draw.yes() ? [inner] : [inner, columns]);
    const asMatrix = (x: Array64, shape: number[]) => ({ shape: x.shape.length === 1 ? shape : x.shape, data: x.data });
    const product = multiply(asMatrix(a, [1, inner]), asMatrix(b, [inner, 1]), false, false);
    const shape = [...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
    return {
      inputs: [a, b],
      run: (x, y) => tf.dot(x!, y!),
      expected: typed({ shape, data: product.data }, 'float32'),
      terms: 10,
    };
  },
};

const equations = [
  'ij,jk->ik',
  'ij,kj->ki',
  'bij,bjk->bik',
  'bhqd,bhkd->bhqk',
  'bqhd,bkhd->bhqk',
  'i,j->ij',
  'ij->ji',
  'ij->i',
  'ij,k->k',
  'ij,ij->',
  'abc,cd->abd',
  'bhw,bcw->bch',
] as const;

const einsum: KernelProperty = {
  name: 'einsum',
  generate(draw) {
    const equation = draw.pick(equations);
    const [terms, output] = equation.split('->') as [string, string];
    const sizes = new Map([...new Set(terms.replace(',', ''))].map((label) => [label, draw.integer(1, 4)]));
    const inputs = terms.split(',').map((labels) =>
      drawValues(
        draw,
        [...labels].map((label) => sizes.get(label)!),
      ),
    );
    const summed = [...sizes.keys()].filter((label) => !output.includes(label));
    const labels = [...output, ...summed];
    const expected = build(
      [...output].map((label) => sizes.get(label)!),
      () => 0,
    );
    const all = build(
      labels.map((label) => sizes.get(label)!),
      (index) =>
        terms.split(',').reduce(
          (product, own, i) =>
            product *
            at(
              inputs[i]!,
              [...own].map((label) => index[labels.indexOf(label)]!),
            ),
          1,
        ),
    );
    const inner = all.data.length / expected.data.length;
    all.data.forEach((value, i) => {
      expected.data[Math.floor(i / inner)]! += value;
    });
    return {
      options: { equation },
      inputs,
      run: (...xs) => tf.einsum(equation, ...xs),
      expected: typed(expected, 'float32'),
      terms: 20,
    };
  },
};

export const matrixProperties: readonly KernelProperty[] = [matMul, integerProduct, fusedMatMul, dot, einsum];
