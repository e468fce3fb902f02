// Matrix products.

import { withEpilogue } from './activations.ts';
import type { Conversion, Converter } from './conversion.ts';

/** An operand, its last two axes swapped if asked for. A constant batch of one is left out: ONNX broadcasts. */
function operand(kernel: Conversion, input: 'a' | 'b', transposed: boolean): string {
  const value = kernel.input(input);
  const axes = value.shape.map((_, axis) => axis);
  const order = transposed ? [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!] : axes;
  const dims = value.constant?.dims;
  if (input === 'b' && dims?.length === 3 && dims[0] === 1) {
    return kernel.graph.rearrange(
      value,
      order,
      order.slice(1).map((axis) => dims[axis]!),
    );
  }
  return transposed ? kernel.graph.rearrange(value, order) : kernel.graph.name(value);
}

function product(kernel: Conversion): string {
  const transposed = (name: string) => kernel.attribute<boolean | undefined>(name) === true;
  const a = operand(kernel, 'a', transposed('transposeA'));
  return kernel.graph.node('MatMul', [a, operand(kernel, 'b', transposed('transposeB'))]);
}

export const matrixConverters: Readonly<Record<string, Converter>> = {
  BatchMatMul: product,
  _FusedMatMul: (kernel) => withEpilogue(kernel, product(kernel), false),
  Einsum: (kernel) =>
    kernel.graph.node(
      'Einsum',
      kernel.list.map((value) => kernel.graph.name(value)),
      { equation: kernel.attribute<string>('equation').replaceAll(' ', '') },
    ),
};
