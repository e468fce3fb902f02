// Sums, means, extrema and what is made of them.
import * as tf from '@tensorflow/tfjs';
import type { Conversion, Converted, Converter } from './conversion.ts';
import { toChannelsFirst, type Value } from './graph.ts';
import { elementTypes } from './model-bytes.ts';

/** From this operator set on, every reduction takes its axes as an input; before, all but ReduceSum as an attribute. */
const axesAreInputs = 18;

/** The axes that are reduced, and the layout in which that can be done without a transpose. */
function axesAndLayout(kernel: Conversion, value: Value, attribute: string, keepDims: boolean) {
  const shape = value.shape.map(() => 1);
  const axes = tf.util.parseAxisParam(kernel.attribute<number | number[]>(attribute), shape);
  const channelsFirst = value.shape.length === 4 && value.names.channelsLast === undefined;
  // What is left has the same order in both layouts when it is channels alone, or has none.
  const sameOrder = axes.includes(3) || (axes.includes(1) && axes.includes(2));
  if (!channelsFirst || !(keepDims || sameOrder)) return { axes, layout: 'channelsLast' as const };
  return { axes: axes.map((axis) => toChannelsFirst.indexOf(axis as 0)), layout: 'channelsFirst' as const };
}

function reduce(kernel: Conversion, operator: string, attribute: string, through?: 'int32'): Converted {
  const { graph } = kernel;
  const [x] = kernel.list;
  const keepDims = kernel.attribute<boolean | undefined>('keepDims') === true;
  const { axes, layout } = axesAndLayout(kernel, x!, attribute, keepDims);
  let name = graph.name(x!, layout);
  if (axes.length > 0) {
    if (through !== undefined) name = graph.node('Cast', [name], { to: elementTypes[through] });
    const keepdims = keepDims ? 1 : 0;
    name =
      operator === 'ReduceSum' || graph.opset >= axesAreInputs
        ? graph.node(operator, [name, graph.integers(axes)], { keepdims })
        : graph.node(operator, [name], { axes, keepdims });
    if (through !== undefined) name = graph.node('Cast', [name], { to: elementTypes.bool });
  }
  return keepDims || axes.length === 0 ? { name, layout } : name;
}

function extremeIndex(operator: 'ArgMax' | 'ArgMin'): Converter {
  return (kernel) => {
    const { graph } = kernel;
    const [axis = 0] = tf.util.parseAxisParam(kernel.attribute<number>('axis'), [...kernel.shapePair('x')[0]]);
    const index = graph.node(operator, [graph.name(kernel.input('x'))], { axis, keepdims: 0 });
    return graph.node('Cast', [index], { to: elementTypes.int32 });
  };
}

function normalizing(operator: 'Softmax' | 'LogSoftmax'): Converter {
  return (kernel) => kernel.graph.node(operator, [kernel.graph.name(kernel.input('logits'))], { axis: -1 });
}

const cumulativeSum: Converter = (kernel) => {
  const { graph } = kernel;
  const [axis = 0] = tf.util.parseAxisParam(kernel.attribute<number>('axis'), [...kernel.shapePair('x')[0]]);
  return graph.node('CumSum', [graph.name(kernel.input('x')), graph.scalar(axis, 'int32')], {
    exclusive: kernel.attribute<boolean>('exclusive') ? 1 : 0,
    reverse: kernel.attribute<boolean>('reverse') ? 1 : 0,
  });
};

export const reductionConverters: Readonly<Record<string, Converter>> = {
  Sum: (kernel) => reduce(kernel, 'ReduceSum', 'axis'),
  Mean: (kernel) => reduce(kernel, 'ReduceMean', 'axis'),
  Prod: (kernel) => reduce(kernel, 'ReduceProd', 'axis'),
  Max: (kernel) => reduce(kernel, 'ReduceMax', 'reductionIndices'),
  Min: (kernel) => reduce(kernel, 'ReduceMin', 'axis'),
  All: (kernel) => reduce(kernel, 'ReduceMin', 'axis', 'int32'),
  Any: (kernel) => reduce(kernel, 'ReduceMax', 'axis', 'int32'),
  ArgMax: extremeIndex('ArgMax'),
  ArgMin: extremeIndex('ArgMin'),
  Softmax: normalizing('Softmax'),
  LogSoftmax: normalizing('LogSoftmax'),
  Cumsum: cumulativeSum,
};
