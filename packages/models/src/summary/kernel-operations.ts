// Floating-point operations of one TensorFlow.js kernel, from its shapes. The convention stands in count-flops.ts.
import * as tf from '@tensorflow/tfjs';
import type { KernelCall } from './kernel-trace.ts';

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** Kernels that only move, choose or rename values. */
const movement = new Set(
  `BatchToSpaceND BroadcastTo Cast Concat DepthToSpace ExpandDims Fill GatherNd GatherV2 Identity LinSpace MirrorPad OneHot OnesLike Pack
  PadV2 Range Reshape ResizeNearestNeighbor Reverse ScatterNd Select Slice SpaceToBatchND SplitV StridedSlice TensorScatterUpdate Tile
  Transpose Unpack ZerosLike Draw FromPixels RotateWithOffset`.split(/\s+/),
);

/** Operations for each element of the output. */
const perOutput: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    `Abs Acos Acosh Add Asin Asinh Atan Atan2 Atanh Ceil ClipByValue Cos Cosh Elu Equal Erf Exp Expm1 Floor FloorDiv Greater
    GreaterEqual IsFinite IsInf IsNan LeakyRelu Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr Maximum Minimum Mod Multiply Neg
    NotEqual Pow Prelu RealDiv Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Step Sub Tan Tanh`
      .split(/\s+/)
      .map((name) => [name, 1]),
  ),
  SquaredDifference: 2,
  // x - mean, times the inverse deviation, times scale, plus offset.
  FusedBatchNorm: 4,
  // Maximum, subtraction, exponential, sum, division.
  Softmax: 5,
  LogSoftmax: 5,
  // Three interpolations a + (b - a) t.
  ResizeBilinear: 9,
};

/** Operations for each element of the input. */
const perInput: Readonly<Record<string, number>> = Object.fromEntries(
  'All Any ArgMax ArgMin Cumprod Cumsum Max Mean Min Prod Sum'.split(' ').map((name) => [name, 1]),
);

function matrixProduct({ inputs, attributes, outputs }: KernelCall): number {
  const a = inputs['a']!;
  const inner = a.shape.at(attributes['transposeA'] === true ? -2 : -1)!;
  return 2 * outputs[0]!.size * inner;
}

/** A bias and an activation that a fused kernel adds. */
function epilogue({ inputs, attributes, outputs }: KernelCall): number {
  const { activation } = attributes;
  const activated = typeof activation === 'string' && activation !== 'linear';
  return outputs[0]!.size * ((inputs['bias'] === undefined ? 0 : 1) + (activated ? 1 : 0));
}

/** The filter's size without its last axis: what each output of a convolution sums over. */
function convolution({ inputs, outputs }: KernelCall): number {
  return 2 * outputs[0]!.size * product(inputs['filter']!.shape.slice(0, -1));
}

function depthwiseConvolution({ inputs, outputs }: KernelCall): number {
  return 2 * outputs[0]!.size * product(inputs['filter']!.shape.slice(0, 2));
}

/** The adjoint costs what the convolution costs: each element of `dy` meets the filter once. */
function transposedConvolution({ inputs }: KernelCall): number {
  return 2 * inputs['dy']!.size * product(inputs['filter']!.shape.slice(0, -1));
}

function pooling({ attributes, outputs }: KernelCall): number {
  const size = attributes['filterSize'] as number | readonly number[];
  return outputs[0]!.size * (typeof size === 'number' ? size * size : product(size));
}

/** Every combination of indices is one multiplication and one addition. */
function einsum({ inputs, attributes }: KernelCall): number {
  const tensors = Object.values(inputs);
  const terms = String(attributes['equation']).split('->')[0]!.split(',');
  const sizes = new Map<string, number>();
  terms.forEach((term, position) => {
    [...term.trim()].forEach((index, axis) => {
      sizes.set(index, tensors[position]!.shape[axis]!);
    });
  });
  return tensors.length * product([...sizes.values()]);
}

const formulas: Readonly<Record<string, (call: KernelCall) => number>> = {
  BatchMatMul: matrixProduct,
  _FusedMatMul: (call) => matrixProduct(call) + epilogue(call),
  Conv2D: convolution,
  FusedConv2D: (call) => convolution(call) + epilogue(call),
  Conv3D: convolution,
  Conv2DBackpropInput: transposedConvolution,
  Conv3DBackpropInputV2: transposedConvolution,
  DepthwiseConv2dNative: depthwiseConvolution,
  FusedDepthwiseConv2D: (call) => depthwiseConvolution(call) + epilogue(call),
  AvgPool: pooling,
  MaxPool: pooling,
  Einsum: einsum,
  AddN: ({ inputs, outputs }) => (Object.keys(inputs).length - 1) * outputs[0]!.size,
  // Kernels of @gankit/backend-onnx: a bias and an activation; batch statistics, normalisation and an activation.
  BiasActivation: ({ outputs }) => 2 * outputs[0]!.size,
  BatchNormActivation: ({ outputs }) => 9 * outputs[0]!.size,
};

/** Floating-point operations of one kernel, or `undefined` for a kernel that no rule is known for. */
export function kernelOperations(call: KernelCall): number | undefined {
  const { name, inputs, outputs } = call;
  if (movement.has(name)) return 0;
  if (Object.hasOwn(perOutput, name)) return perOutput[name]! * outputs[0]!.size;
  if (Object.hasOwn(perInput, name)) return perInput[name]! * tf.util.sizeFromShape(Object.values(inputs)[0]!.shape);
  return Object.hasOwn(formulas, name) ? formulas[name]!(call) : undefined;
}
