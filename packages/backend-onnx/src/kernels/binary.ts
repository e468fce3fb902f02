/** Element-wise operations of two operands: WebAssembly up to a size, then ONNX Runtime with all threads. */

import type * as tf from '@tensorflow/tfjs';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { planBroadcast } from './broadcast.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

/** From here on a second thread saves more than the call costs. */
const THREADED_SIZE = 1 << 16;

interface Operation {
  kernel: string;
  operands: 'float32' | 'bool' | 'int32';
  result: 'float32' | 'bool' | 'int32';
  /** The same operation in ONNX, where its treatment of not-a-number is tfjs's. */
  operator?: string;
  names?: [string, string];
}

const float = (kernel: string, operator?: string): Operation => ({
  kernel,
  operands: 'float32',
  result: 'float32',
  ...(operator === undefined ? {} : { operator }),
});
const comparison = (kernel: string): Operation => ({ kernel, operands: 'float32', result: 'bool' });
const logical = (kernel: string): Operation => ({ kernel, operands: 'bool', result: 'bool' });

const operations: Record<string, Operation[]> = {
  Add: [float('add', 'Add'), { kernel: 'add_int32', operands: 'int32', result: 'int32' }],
  Sub: [float('subtract', 'Sub'), { kernel: 'subtract_int32', operands: 'int32', result: 'int32' }],
  Multiply: [float('multiply', 'Mul')],
  RealDiv: [float('divide', 'Div')],
  SquaredDifference: [float('squared_difference')],
  Maximum: [float('maximum')],
  Minimum: [float('minimum')],
  Prelu: [{ ...float('parametric_relu'), names: ['x', 'alpha'] }],
  EluGrad: [{ ...float('elu_gradient'), names: ['dy', 'y'] }],
  Equal: [comparison('equal')],
  NotEqual: [comparison('not_equal')],
  Less: [comparison('less')],
  LessEqual: [comparison('less_equal')],
  Greater: [comparison('greater')],
  GreaterEqual: [comparison('greater_equal')],
  LogicalAnd: [logical('logical_and')],
  LogicalOr: [logical('logical_or')],
};

function run(call: KernelCall, candidates: Operation[]): tf.TensorInfo | undefined {
  const [nameA, nameB] = candidates[0]?.names ?? ['a', 'b'];
  const a = input(call, nameA);
  const b = input(call, nameB);
  if (a.dtype !== b.dtype) return undefined;
  const operation = candidates.find(({ operands }) => operands === a.dtype);
  if (operation === undefined) return undefined;
  const plan = planBroadcast(a.shape, b.shape);
  if (plan === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve(plan.shape, operation.result);
  const size = sizeOf(plan.shape);
  if (size === 0) return out;
  if (operation.operator !== undefined && size >= THREADED_SIZE) {
    const { operator } = operation;
    backend.run(
      operator,
      () => singleOperator(operator, [FLOAT, FLOAT], [FLOAT]),
      [backend.operand(a), backend.operand(b)],
      [backend.operand(out)],
    );
    return out;
  }
  const { lengths, strides } = plan;
  const rank = lengths.length;
  const pointerA = backend.pointer(a);
  const pointerB = backend.pointer(b);
  const parameters = backend.integers([...lengths, ...strides[0], ...strides[1]]);
  backend.kernel(operation.kernel)(
    pointerA,
    pointerB,
    backend.pointer(out),
    rank,
    parameters,
    parameters + 4 * rank,
    parameters + 8 * rank,
  );
  return out;
}

/** Squares, as norms take them, and first powers, as gradients of squares take them; the rest is the cpu kernel's. */
function power(call: KernelCall): tf.TensorInfo | undefined {
  const a = input(call, 'a');
  const b = input(call, 'b');
  const { backend } = call;
  if (a.dtype !== 'float32' || b.dtype !== 'float32' || b.shape.length > 0) return undefined;
  const exponent = backend.data.get(b.dataId).values[0];
  if (exponent === 1) return backend.alias(a);
  if (exponent !== 2) return undefined;
  const out = backend.reserve(a.shape, 'float32');
  const total = sizeOf(a.shape);
  const [from, to] = [backend.pointer(a), backend.pointer(out)];
  kernelInRanges(backend, 'square', { total, elements: 2 * total }, ({ first, count }) => [
    ...[from + 4 * first, to + 4 * first, count],
    ...[0, 0],
  ]);
  return out;
}

export const binaryKernels: NativeKernel[] = [
  ...Object.entries(operations).map(([name, candidates]) => ({
    name,
    run: (call: KernelCall) => run(call, candidates),
  })),
  { name: 'Pow', run: power },
];
