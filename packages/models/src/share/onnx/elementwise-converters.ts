// Arithmetic, comparisons and choices.
import type { Converter } from './conversion.ts';
import type { Graph } from './graph.ts';

function unary(write: (graph: Graph, x: string) => string): Converter {
  return (kernel) => kernel.elementwise([kernel.list[0]!], (x) => write(kernel.graph, x!));
}

function binary(write: (graph: Graph, a: string, b: string, type: 'float32' | 'int32' | 'bool') => string): Converter {
  return (kernel) => {
    const [a, b] = [kernel.input('a'), kernel.input('b')];
    return kernel.elementwise([a, b], (x, y) => write(kernel.graph, x!, y!, a.type));
  };
}

const named = (operator: string): Converter => unary((graph, x) => graph.node(operator, [x]));
const pair = (operator: string): Converter => binary((graph, a, b) => graph.node(operator, [a, b]));

function floorDivide(graph: Graph, a: string, b: string, type: string): string {
  if (type === 'float32') return graph.node('Floor', [graph.node('Div', [a, b])]);
  // ONNX divides whole numbers towards zero; a double holds every int32.
  const [x, y] = [a, b].map((name) => graph.node('Cast', [name], { to: 11 }));
  return graph.node('Cast', [graph.node('Floor', [graph.node('Div', [x!, y!])])], { to: 6 });
}

/** Clip and comparisons take constants of the type of x. */
export const elementwiseConverters: Readonly<Record<string, Converter>> = {
  Abs: named('Abs'),
  Acos: named('Acos'),
  Acosh: named('Acosh'),
  Asin: named('Asin'),
  Asinh: named('Asinh'),
  Atan: named('Atan'),
  Atanh: named('Atanh'),
  Ceil: named('Ceil'),
  Cos: named('Cos'),
  Cosh: named('Cosh'),
  Erf: named('Erf'),
  Exp: named('Exp'),
  Floor: named('Floor'),
  IsInf: named('IsInf'),
  IsNan: named('IsNaN'),
  Log: named('Log'),
  LogicalNot: named('Not'),
  Neg: named('Neg'),
  Reciprocal: named('Reciprocal'),
  Round: named('Round'),
  Sign: named('Sign'),
  Sin: named('Sin'),
  Sinh: named('Sinh'),
  Sqrt: named('Sqrt'),
  Tan: named('Tan'),
  Expm1: unary((graph, x) => graph.node('Sub', [graph.node('Exp', [x]), graph.scalar(1)])),
  IsFinite: unary((graph, x) =>
    graph.node('Not', [graph.node('Or', [graph.node('IsNaN', [x]), graph.node('IsInf', [x])])]),
  ),
  Log1p: unary((graph, x) => graph.node('Log', [graph.node('Add', [x, graph.scalar(1)])])),
  Rsqrt: unary((graph, x) => graph.node('Reciprocal', [graph.node('Sqrt', [x])])),
  Square: unary((graph, x) => graph.node('Mul', [x, x])),
  ClipByValue: (kernel) =>
    kernel.elementwise([kernel.input('x')], (x) => {
      const { type } = kernel.input('x');
      const [low, high] = [kernel.attribute<number>('clipValueMin'), kernel.attribute<number>('clipValueMax')];
      return kernel.graph.node('Clip', [x!, kernel.graph.scalar(low, type), kernel.graph.scalar(high, type)]);
    }),
  Step: (kernel) =>
    kernel.elementwise([kernel.input('x')], (x) => {
      const { graph } = kernel;
      const [one, left] = [graph.scalar(1), graph.scalar(kernel.attribute<number | undefined>('alpha') ?? 0)];
      return graph.node('Where', [graph.node('Greater', [x!, graph.scalar(0)]), one, left]);
    }),

  Add: pair('Add'),
  Sub: pair('Sub'),
  Multiply: pair('Mul'),
  RealDiv: pair('Div'),
  Pow: pair('Pow'),
  Maximum: pair('Max'),
  Minimum: pair('Min'),
  Equal: pair('Equal'),
  NotEqual: binary((graph, a, b) => graph.node('Not', [graph.node('Equal', [a, b])])),
  Greater: pair('Greater'),
  GreaterEqual: pair('GreaterOrEqual'),
  Less: pair('Less'),
  LessEqual: pair('LessOrEqual'),
  LogicalAnd: pair('And'),
  LogicalOr: pair('Or'),
  FloorDiv: binary(floorDivide),
  // The remainder has the sign of the divisor, in ONNX only for whole numbers.
  Mod: binary((graph, a, b, type) =>
    type === 'float32'
      ? graph.node('Sub', [a, graph.node('Mul', [b, floorDivide(graph, a, b, type)])])
      : graph.node('Mod', [a, b]),
  ),
  SquaredDifference: binary((graph, a, b) => {
    const difference = graph.node('Sub', [a, b]);
    return graph.node('Mul', [difference, difference]);
  }),
  AddN: (kernel) => kernel.elementwise(kernel.list, (...names) => kernel.graph.node('Sum', names)),
  Select: (kernel) =>
    kernel.elementwise(
      [kernel.input('condition'), kernel.input('t'), kernel.input('e')],
      (condition, then, otherwise) => kernel.graph.node('Where', [condition!, then!, otherwise!]),
    ),
};
