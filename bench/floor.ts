/** The rate of plain matrix products on this machine at this moment: nothing made of them can be faster. */

import * as tf from '@tensorflow/tfjs';
import { inProcess } from './in-turn.ts';

const SIZE = 1536;

export const FLOOR_NAME = `matrix product ${SIZE}`;

export function matrixProduct() {
  const a = tf.randomUniform([SIZE, SIZE], -1, 1, 'float32', 1);
  const b = tf.randomUniform([SIZE, SIZE], -1, 1, 'float32', 2);
  return inProcess(
    FLOOR_NAME,
    () => tf.dispose(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)),
    () => tf.dispose([a, b]),
  );
}

/** 10^9 operations per second, from the time of one product in milliseconds. */
export function gigaflops(milliseconds: number): number {
  return (2 * SIZE ** 3) / milliseconds / 1e6;
}
