/**
 * Cumsum and Cumprod. Every backend takes a negative axis for another one and gives a wrong shape, or reads beyond its memory; wasm
 * stops the program at a tensor without entries. On
 * webgpu the shader that runs from the far end is also written for one length, but cached without it, so that a second call with
 * another length gives wrong numbers: there the operand is turned round instead, and integers get
 * their axis last (`webgpu/integer-transpose.ts`).
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

interface Attributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

export function running(backendName: string): KernelRepair[] {
  return (['Cumsum', 'Cumprod'] as const).map((kernelName) => ({
    kernelName,
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const attrs = params.attrs as unknown as Attributes;
      const x = params.inputs['x'] as tf.Tensor;
      if (x.shape.includes(0)) return tf.zeros(x.shape, x.dtype);
      const axis = attrs.axis < 0 ? attrs.axis + x.shape.length : attrs.axis;
      const run = kernelName === 'Cumsum' ? tf.cumsum : tf.cumprod;
      const last = x.shape.length - 1;
      if (backendName === 'webgpu' && x.dtype === 'int32' && axis !== last) {
        const order = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
        return tf.tidy(() => tf.transpose(run(tf.transpose(x, order), last, attrs.exclusive, attrs.reverse), order));
      }
      if (!attrs.reverse || backendName !== 'webgpu') {
        return original({ ...params, attrs: { ...params.attrs, axis } as tf.NamedAttrMap });
      }
      return tf.tidy(() => tf.reverse(run(tf.reverse(x, axis), axis, attrs.exclusive, false), axis));
    },
  }));
}
