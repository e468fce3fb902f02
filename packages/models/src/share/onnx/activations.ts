// Activations: as kernels of their own, and as the tail of a fused kernel.
import type { Conversion, Converted, Converter } from './conversion.ts';
import type { Graph, Value } from './graph.ts';

type Writer = (graph: Graph, x: string, attributes: Readonly<Record<string, unknown>>) => string;

const leakyRelu: Writer = (graph, x, { alpha, leakyreluAlpha }) =>
  graph.node('LeakyRelu', [x], { alpha: { float: (alpha ?? leakyreluAlpha ?? 0.2) as number } });

/** Activations by kernel. */
const kernels: Readonly<Record<string, Writer>> = {
  Relu: (graph, x) => graph.node('Relu', [x]),
  Relu6: (graph, x) => graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)]),
  LeakyRelu: leakyRelu,
  Elu: (graph, x) => graph.node('Elu', [x]),
  Selu: (graph, x) => graph.node('Selu', [x]),
  Sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  Tanh: (graph, x) => graph.node('Tanh', [x]),
  Softplus: (graph, x) => graph.node('Softplus', [x]),
};

/** The same by the name that a fused kernel's `activation` has. */
const fused: Readonly<Record<string, Writer>> = {
  relu: kernels['Relu']!,
  relu6: kernels['Relu6']!,
  leakyrelu: leakyRelu,
  elu: kernels['Elu']!,
  sigmoid: kernels['Sigmoid']!,
};

export const activationConverters: Readonly<Record<string, Converter>> = {
  ...Object.fromEntries(
    Object.entries(kernels).map(([name, write]): [string, Converter] => [
      name,
      (kernel) => kernel.elementwise([kernel.input('x')], (x) => write(kernel.graph, x!, kernel.traced[0].attributes)),
    ]),
  ),
  Prelu: (kernel) =>
    kernel.elementwise([kernel.input('x'), kernel.input('alpha')], (x, alpha) =>
      kernel.graph.node('PRelu', [x!, alpha!]),
    ),
  // A kernel of @gankit/backend-onnx: slope 0 is ReLU, 1 is none.
  BiasActivation: (kernel) =>
    kernel.elementwise([kernel.input('x'), kernel.input('bias')], (x, bias) => {
      const alpha = kernel.attribute<number>('slope');
      const sum = kernel.graph.node('Add', [x!, bias!]);
      return alpha === 1 ? sum : leakyRelu(kernel.graph, sum, { alpha });
    }),
};

/**
 * The bias and the activation that a fused kernel adds to its product.
 * @param product The product, in a layout.
 * @param biased Whether the product has its bias already.
 */
export function withEpilogue(kernel: Conversion, product: Converted, biased: boolean): Converted {
  const { graph, inputs } = kernel;
  const { name, layout } = typeof product === 'string' ? ({ name: product, layout: 'channelsLast' } as const) : product;
  const value: Value = { shape: kernel.output().shape, type: 'float32', names: { [layout]: name } };
  const activation = kernel.attribute<string | null | undefined>('activation') ?? 'linear';
  const slope = inputs['preluActivationWeights'];
  const operands = [value, ...(biased || !inputs['bias'] ? [] : [inputs['bias']]), ...(slope ? [slope] : [])];
  return kernel.elementwise(operands, (x, ...rest) => {
    const bias = biased || !inputs['bias'] ? undefined : rest.shift()!;
    const sum = bias === undefined ? x! : graph.node('Add', [x!, bias]);
    if (activation === 'linear') return sum;
    if (activation === 'prelu') return graph.node('PRelu', [sum, rest[0]!]);
    const write = Object.hasOwn(fused, activation) ? fused[activation]! : kernel.refuse(`ends in '${activation}'`);
    return write(graph, sum, kernel.traced[0].attributes);
  });
}
