/**
 * BatchMatMul for wasm: the backend hands a product to XNNPACK only when neither operand is transposed and there is one
 * matrix on each side; every gradient of a dense layer, and all of attention, took a plain loop. Here operands are
 * transposed first, and large matrices of a batch are multiplied one by one; both are far cheaper than the loop.
 */
import * as tf from '@tensorflow/tfjs';
import { emptyProduct, needsBroadcast, type Transposes } from '../broadcast-batches.ts';
import type { KernelRepair } from '../repair.ts';
import { runCpuKernel } from './cpu-kernel.ts';

/** Multiplications in one matrix product above which a call of its own pays. */
const largeProduct = 16_384;

function swapLastAxes<T extends tf.Tensor>(x: T): T {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]) as T;
}

/** For each matrix of the product, the index of its operand, which may be broadcast along some batch axes. */
function operandIndices(operandBatch: readonly number[], outBatch: readonly number[]): number[] {
  const padded = [...new Array<number>(outBatch.length - operandBatch.length).fill(1), ...operandBatch];
  let indices = [0];
  outBatch.forEach((size, axis) => {
    const own = padded[axis]!;
    indices = indices.flatMap((index) => Array.from({ length: size }, (_, i) => index * own + (own === 1 ? 0 : i)));
  });
  return indices;
}

function matrices(x: tf.Tensor): tf.Tensor3D {
  return tf.reshape(x, [-1, x.shape[x.rank - 2]!, x.shape[x.rank - 1]!] as [number, number, number]);
}

export const wasmBatchMatMul: KernelRepair = {
  kernelName: 'BatchMatMul',
  backendName: 'wasm',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const { transposeA, transposeB } = params.attrs as unknown as Transposes;
    const inputA = params.inputs['a'] as tf.Tensor;
    const inputB = params.inputs['b'] as tf.Tensor;
    const empty = emptyProduct(inputA, inputB, { transposeA, transposeB });
    if (empty !== undefined) return empty;
    if (inputA.dtype !== 'float32') return runCpuKernel('BatchMatMul', params);
    const multiply = (a: tf.Tensor, b: tf.Tensor) => {
      const info = original({ ...params, inputs: { a, b }, attrs: { transposeA: false, transposeB: false } });
      return tf.engine().makeTensorFromTensorInfo(info as tf.TensorInfo);
    };
    return tf.tidy(() => {
      const a = transposeA ? swapLastAxes(inputA) : inputA;
      const b = transposeB ? swapLastAxes(inputB) : inputB;
      const outBatch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
      const [rows, inner] = a.shape.slice(-2) as [number, number];
      const columns = b.shape[b.rank - 1]!;
      const count = tf.util.sizeFromShape(outBatch);
      const oneByOne =
        needsBroadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) || rows * inner * columns >= largeProduct;
      if (count <= 1 || !oneByOne) return multiply(a, b);
      const aMatrices = matrices(a);
      const bMatrices = matrices(b);
      const bIndices = operandIndices(b.shape.slice(0, -2), outBatch);
      const products = operandIndices(a.shape.slice(0, -2), outBatch).map((aIndex, i) =>
        multiply(
          tf.slice3d(aMatrices, [aIndex, 0, 0], [1, -1, -1]),
          tf.slice3d(bMatrices, [bIndices[i]!, 0, 0], [1, -1, -1]),
        ),
      );
      return tf.reshape(tf.concat(products, 0), [...outBatch, rows, columns]);
    });
  },
};
