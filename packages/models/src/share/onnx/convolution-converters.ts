// Convolutions, their adjoints (transposed convolutions), pooling and batch normalisation: in ONNX with channels first.
import * as tf from '@tensorflow/tfjs';
import { withEpilogue } from './activations.ts';
import type { Conversion, Converted, Converter } from './conversion.ts';
import type { Value } from './graph.ts';

type Shape4D = [number, number, number, number];
type ConvolutionInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** Strides, dilations and the exact padding of a convolution over `shape`. */
function geometry(
  kernel: Conversion,
  shape: readonly number[],
  filter: readonly number[],
  depthwise = false,
): ConvolutionInfo {
  kernel.checkDataFormat();
  return tf.backend_util.computeConv2DInfo(
    [...shape] as Shape4D,
    [...filter] as Shape4D,
    kernel.attribute('strides'),
    kernel.attribute<[number, number] | undefined>('dilations') ?? 1,
    kernel.attribute('pad'),
    kernel.attribute('dimRoundingMode'),
    depthwise,
  );
}

/** top, left, bottom, right; at the end as much as the output's size needs, which a rounding mode may have enlarged. */
function pads(info: ConvolutionInfo): readonly number[] {
  const { padInfo, strideHeight, strideWidth, effectiveFilterHeight, effectiveFilterWidth } = info;
  const atEnd = (end: number, start: number, out: number, stride: number, extent: number, size: number) =>
    Math.max(end, (out - 1) * stride + extent - size - start);
  return [
    padInfo.top,
    padInfo.left,
    atEnd(padInfo.bottom, padInfo.top, info.outHeight, strideHeight, effectiveFilterHeight, info.inHeight),
    atEnd(padInfo.right, padInfo.left, info.outWidth, strideWidth, effectiveFilterWidth, info.inWidth),
  ];
}

const isVector = (value: Value | undefined): value is Value =>
  value?.constant !== undefined && value.shape.length === 1;

function convolution(kernel: Conversion, depthwise: boolean): Converted {
  const { graph } = kernel;
  const [x, filter] = [kernel.input('x'), kernel.input('filter')];
  const filterShape = kernel.shapePair('filter')[0];
  const [height, width, inputs, outputs] = filterShape as Shape4D;
  const info = geometry(kernel, kernel.shapePair('x')[0], filterShape, depthwise);
  const weights = depthwise
    ? graph.rearrange(filter, [2, 3, 0, 1], [inputs * outputs, 1, height, width])
    : graph.rearrange(filter, [3, 2, 0, 1]);
  const bias = kernel.inputs['bias'];
  const biased = isVector(bias);
  const name = graph.node('Conv', [graph.name(x, 'channelsFirst'), weights, ...(biased ? [graph.name(bias)] : [])], {
    kernel_shape: [height, width],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: pads(info),
    group: depthwise ? inputs : 1,
  });
  return withEpilogue(kernel, { name, layout: 'channelsFirst' }, biased);
}

/** The adjoint of a convolution: `inputShape` is the shape of the result, `dy` the smaller side. */
const transposedConvolution: Converter = (kernel) => {
  const { graph, traced } = kernel;
  const [dy, filter] = [kernel.input('dy'), kernel.input('filter')];
  const filterShape = kernel.shapePair('filter')[0];
  const [height, width] = filterShape as Shape4D;
  const info = geometry(kernel, traced[0].outputs[0]!.shape, filterShape);
  const { top, bottom, left, right } = info.padInfo;
  const name = graph.node('ConvTranspose', [graph.name(dy, 'channelsFirst'), graph.rearrange(filter, [3, 2, 0, 1])], {
    kernel_shape: [height, width],
    strides: [info.strideHeight, info.strideWidth],
    pads: [top, left, bottom, right],
    // Rows of the result that no window of the convolution reached.
    output_padding: [
      info.inHeight - (info.strideHeight * (info.outHeight - 1) + height - top - bottom),
      info.inWidth - (info.strideWidth * (info.outWidth - 1) + width - left - right),
    ],
  });
  return { name, layout: 'channelsFirst' };
};

function pooling(operator: 'MaxPool' | 'AveragePool'): Converter {
  return (kernel) => {
    const shape = kernel.shapePair('x')[0];
    const size = kernel.attribute<number | [number, number]>('filterSize');
    const [height, width] = typeof size === 'number' ? [size, size] : size;
    const channels = shape[3]!;
    const info = geometry(kernel, shape, [height, width, channels, channels]);
    const name = kernel.graph.node(operator, [kernel.graph.name(kernel.input('x'), 'channelsFirst')], {
      kernel_shape: [height, width],
      strides: [info.strideHeight, info.strideWidth],
      pads: pads(info),
    });
    return { name, layout: 'channelsFirst' };
  };
}

const batchNormalization: Converter = (kernel) => {
  const { graph } = kernel;
  const epsilon = kernel.attribute<number | undefined>('varianceEpsilon') ?? 0.001;
  const x = kernel.input('x');
  const { mean, variance, scale, offset } = kernel.inputs;
  const parameters = [scale, offset, mean, variance];
  if (x.shape.length === 4 && parameters.every(isVector)) {
    const names = parameters.map((value) => graph.name(value));
    const inputs = [graph.name(x, 'channelsFirst'), ...names];
    return {
      name: graph.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }),
      layout: 'channelsFirst',
    };
  }
  const present = parameters.filter((value) => value !== undefined);
  return kernel.elementwise([x, ...present], (value, ...rest) => {
    const scaleName = scale && rest.shift()!;
    const offsetName = offset && rest.shift()!;
    const [meanName, varianceName] = rest;
    const deviation = graph.node('Sqrt', [graph.node('Add', [varianceName!, graph.scalar(epsilon)])]);
    const normalized = graph.node('Div', [graph.node('Sub', [value!, meanName!]), deviation]);
    const scaled = scaleName ? graph.node('Mul', [normalized, scaleName]) : normalized;
    return offsetName ? graph.node('Add', [scaled, offsetName]) : scaled;
  });
};

export const convolutionConverters: Readonly<Record<string, Converter>> = {
  Conv2D: (kernel) => convolution(kernel, false),
  FusedConv2D: (kernel) => convolution(kernel, false),
  DepthwiseConv2dNative: (kernel) => convolution(kernel, true),
  FusedDepthwiseConv2D: (kernel) => convolution(kernel, true),
  Conv2DBackpropInput: transposedConvolution,
  MaxPool: pooling('MaxPool'),
  AvgPool: pooling('AveragePool'),
  FusedBatchNorm: batchNormalization,
};
