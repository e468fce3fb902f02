/** Element-wise operations of one operand: arithmetic in WebAssembly, transcendental functions in ONNX Runtime. */

import type * as tf from '@tensorflow/tfjs';
import { type AttributeValue, FLOAT, singleOperator } from '../onnx/model.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

interface Arithmetic {
  kernel: string;
  operands?: 'float32' | 'bool';
  result?: 'float32' | 'bool';
  /** The kernel's two parameters, from the attributes. */
  parameters?: (attrs: tf.NamedAttrMap) => [number, number];
}

const arithmetic: Record<string, Arithmetic> = {
  Neg: { kernel: 'negate' },
  Abs: { kernel: 'absolute' },
  Square: { kernel: 'square' },
  Sqrt: { kernel: 'square_root' },
  Rsqrt: { kernel: 'reciprocal_square_root' },
  Reciprocal: { kernel: 'reciprocal' },
  Floor: { kernel: 'floor_of' },
  Ceil: { kernel: 'ceiling_of' },
  Round: { kernel: 'round_to_even' },
  Sign: { kernel: 'sign' },
  Relu: { kernel: 'relu' },
  Relu6: { kernel: 'relu6' },
  ClipByValue: {
    kernel: 'clip',
    parameters: (attrs) => [attrs['clipValueMin'] as number, attrs['clipValueMax'] as number],
  },
  LeakyRelu: { kernel: 'leaky_relu', parameters: (attrs) => [attrs['alpha'] as number, 0] },
  Step: { kernel: 'step', parameters: (attrs) => [attrs['alpha'] as number, 0] },
  IsNan: { kernel: 'is_nan', result: 'bool' },
  IsInf: { kernel: 'is_infinite', result: 'bool' },
  IsFinite: { kernel: 'is_finite', result: 'bool' },
  LogicalNot: { kernel: 'logical_not', operands: 'bool', result: 'bool' },
};

/** ONNX operators with tfjs's meaning. */
const transcendental: Record<string, { operator: string; attributes?: Record<string, AttributeValue> }> = {
  Exp: { operator: 'Exp' },
  Log: { operator: 'Log' },
  Sin: { operator: 'Sin' },
  Cos: { operator: 'Cos' },
  Tanh: { operator: 'Tanh' },
  Sigmoid: { operator: 'Sigmoid' },
  Softplus: { operator: 'Softplus' },
  Erf: { operator: 'Erf' },
  Elu: { operator: 'Elu', attributes: { alpha: { float: 1 } } },
  Selu: { operator: 'Selu' },
};

/** Below this the cpu kernel is done before a call into ONNX Runtime has begun. */
const SMALLEST_CALL = 128;

/** Ranges begin at lines of the cache, whatever the element type. */
const LINE_ELEMENTS = 64;

function runArithmetic(
  call: KernelCall,
  { kernel, operands, result, parameters }: Arithmetic,
): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (x.dtype !== (operands ?? 'float32')) return undefined;
  const { backend } = call;
  const [first, second] = parameters?.(call.attrs) ?? [0, 0];
  const out = backend.reserve(x.shape, result ?? 'float32');
  const total = sizeOf(x.shape);
  const [from, to] = [backend.pointer(x), backend.pointer(out)];
  const [fromBytes, toBytes] = [x, out].map(({ dtype }) => (dtype === 'bool' ? 1 : 4)) as [number, number];
  kernelInRanges(backend, kernel, { total, elements: 2 * total, multiple: LINE_ELEMENTS }, (range) => [
    ...[from + fromBytes * range.first, to + toBytes * range.first, range.count],
    ...[first, second],
  ]);
  return out;
}

function runTranscendental(
  call: KernelCall,
  operator: string,
  attributes: Record<string, AttributeValue>,
): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (x.dtype !== 'float32' || sizeOf(x.shape) < SMALLEST_CALL) return undefined;
  const { backend } = call;
  const out = backend.reserve(x.shape, 'float32');
  backend.run(
    operator,
    () => singleOperator(operator, [FLOAT], [FLOAT], { attributes }),
    [backend.operand(x)],
    [backend.operand(out)],
  );
  return out;
}

export const unaryKernels: NativeKernel[] = [
  ...Object.entries(arithmetic).map(([name, operation]) => ({
    name,
    run: (call: KernelCall) => runArithmetic(call, operation),
  })),
  ...Object.entries(transcendental).map(([name, { operator, attributes }]) => ({
    name,
    run: (call: KernelCall) => runTranscendental(call, operator, attributes ?? {}),
  })),
];
