/** Matrix products: ONNX Runtime's FusedMatMul, which takes transposed operands as they lie. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { FLOAT, MICROSOFT, singleOperator } from '../onnx/model.ts';
import type { Operand } from '../runtime/sessions.ts';
import { addBiasAndActivation, isFusible } from './bias-activation.ts';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

/** out = op(a) x op(b), over any leading batch axes; operands must lie in the heap. */
export function matMul(
  backend: OnnxBackend,
  a: Operand,
  b: Operand,
  out: Operand,
  transposeA = false,
  transposeB = false,
): void {
  const model = () =>
    singleOperator('FusedMatMul', [FLOAT, FLOAT], [FLOAT], {
      domain: MICROSOFT,
      attributes: { transA: Number(transposeA), transB: Number(transposeB) },
    });
  const key = `MatMul ${transposeA} ${transposeB}`;
  const inner = a.shape[a.shape.length - (transposeA ? 2 : 1)] ?? 1;
  if (sizeOf(out.shape) * inner < WORTH_WAKING) backend.runAlone(key, model, [a, b], [out]);
  else backend.run(key, model, [a, b], [out]);
}

/** With fewer multiplications one thread is done before a second has woken. */
const WORTH_WAKING = 1 << 23;

/** Up to so many multiplications a plain loop is done first. */
const SMALL_PRODUCT = 4096;

function product(call: KernelCall): tf.TensorInfo | undefined {
  const a = input(call, 'a');
  const b = input(call, 'b');
  if (!isFloat(a, b) || sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return undefined;
  const transposeA = Boolean(call.attrs['transposeA']);
  const transposeB = Boolean(call.attrs['transposeB']);
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batch = broadcastShape(batchA, batchB);
  if (batch === undefined) return undefined;
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  const inner = transposeA ? rowsA : columnsA;
  if (inner !== (transposeB ? columnsB : rowsB)) return undefined;
  const shape = [...batch, transposeA ? columnsA : rowsA, transposeB ? rowsB : columnsB];
  const { backend } = call;
  const out = backend.reserve(shape, 'float32');
  const [rows, columns] = shape.slice(-2) as [number, number];
  if (batch.length === 0 || sizeOf(batch) === 1) {
    if (rows * columns * inner <= SMALL_PRODUCT) {
      const [rowA, columnA] = transposeA ? [1, columnsA] : [columnsA, 1];
      const [rowB, columnB] = transposeB ? [1, columnsB] : [columnsB, 1];
      const pointers = [a, b, out].map((info) => backend.pointer(info));
      backend.kernel('small_product')(...pointers, rows, inner, columns, rowA, columnA, rowB, columnB);
      return out;
    }
  }
  matMul(backend, backend.operand(a), backend.operand(b), backend.operand(out), transposeA, transposeB);
  return out;
}

/** Leading axes of both, or nothing when they do not fit (the cpu kernel has the error message for it). */
function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  if (a.length !== b.length) return undefined;
  const shape: number[] = [];
  for (const [axis, length] of a.entries()) {
    const other = b[axis] ?? 1;
    if (length !== other && length !== 1 && other !== 1) return undefined;
    shape.push(Math.max(length, other));
  }
  return shape;
}

export const matMulKernels: NativeKernel[] = [
  { name: 'BatchMatMul', run: product },
  {
    name: '_FusedMatMul',
    run: (call) => {
      if (!isFusible(call)) return undefined;
      const out = product(call);
      return out === undefined ? undefined : addBiasAndActivation(call, out);
    },
  },
];
