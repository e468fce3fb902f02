/**
 * _FusedMatMul: without entries to add up, the backends leave what was in memory, or throw; and with a transposed operand, or more than
 * one matrix on a side, wasm adds the bias of a row to whole rows, and reads beyond a bias of one number. Those are made of a product, a sum and an activation here.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

interface Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

function activated(x: tf.Tensor, { activation, leakyreluAlpha }: Attributes, slopes: tf.Tensor | undefined): tf.Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'elu':
      return tf.elu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'leakyrelu':
      return tf.leakyRelu(x, leakyreluAlpha);
    case 'prelu':
      return tf.prelu(x, slopes!);
    default:
      return x;
  }
}

export function fusedMatMul(backendName: string): KernelRepair {
  return {
    kernelName: '_FusedMatMul',
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const attrs = params.attrs as unknown as Attributes;
      const [a, b] = [params.inputs['a'] as tf.Tensor, params.inputs['b'] as tf.Tensor];
      const oneEach = [a, b].every(({ shape }) => shape.slice(0, -2).every((size) => size === 1));
      const bias = params.inputs['bias'] as tf.Tensor | undefined;
      const usual = !bias || (bias.rank === 1 && bias.size === b.shape[b.rank - 1]);
      const plain = !attrs.transposeA && !attrs.transposeB && oneEach && usual;
      if ((plain || backendName !== 'wasm') && a.size > 0 && b.size > 0) return original(params);
      return tf.tidy(() => {
        const product = tf.matMul(a, b, attrs.transposeA, attrs.transposeB);
        const slopes = params.inputs['preluActivationWeights'] as tf.Tensor | undefined;
        return activated(bias ? tf.add(product, bias) : product, attrs, slopes);
      });
    },
  };
}
