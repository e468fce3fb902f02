/** The repairs hold whichever is imported first: this file imports them before the wasm backend, as an application may. */
import * as tf from '@tensorflow/tfjs';
import './index.ts';
import { expect, it } from 'vitest';
import { registerKernels } from '../kernels/index.ts';

it('repairs a backend whose package is imported afterwards', async () => {
  await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  // Stock wasm takes the maximum of negative entries in 3-D pooling for the smallest positive float.
  const pooled = tf.maxPool3d(tf.fill([1, 2, 2, 2, 1], -3) as tf.Tensor5D, 2, 2, 'valid');
  expect([...pooled.dataSync()]).toEqual([-3]);
  // The first kernel has put every repair in place.
  expect(registerKernels()).toEqual([]);
  const x = tf.ones([1, 4, 4, 1]) as tf.Tensor4D;
  const dFilter = tf.grad((filter: tf.Tensor) => tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid'))(
    tf.ones([3, 3, 1, 1]),
  );
  expect([...dFilter.dataSync()]).toEqual(new Array(9).fill(4));
});

it('changes nothing when it is evaluated a second time', async () => {
  const engine = tf.engine();
  const [runKernel, customGrad] = [engine.runKernel, engine.customGrad];
  const { repairEngine } = await import('./engine.ts');
  repairEngine();
  expect(engine.runKernel).toBe(runKernel);
  expect(engine.customGrad).toBe(customGrad);
});
