/**
 * The gradient of `tf.batchNorm`: `y = (x - mean) / sqrt(variance + epsilon) scale + offset`, with mean, variance, scale and
 * offset of any shape that broadcasts with x. An absent scale or offset is filled in before the kernel runs (see
 * `engine.ts`), for the tape cannot hold an absent input.
 */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, sumToShape } from './gradient.ts';

const fusedBatchNorm: Gradient = {
  kernelName: 'FusedBatchNorm',
  inputsToSave: ['x', 'mean', 'variance', 'scale'],
  gradFunc: (dy, [x, mean, variance, scale], attributes) => {
    const inverse = () => tf.rsqrt(tf.add(variance!, attributes['varianceEpsilon'] as number));
    const centred = () => tf.sub(x!, mean!);
    return {
      x: () => tf.mul(dy, tf.mul(inverse(), scale!)),
      mean: () => sumToShape(tf.neg(tf.mul(dy, tf.mul(inverse(), scale!))), mean!.shape),
      variance: () => {
        const r = inverse();
        const cube = tf.mul(r, tf.mul(r, r));
        return sumToShape(tf.mul(tf.mul(dy, centred()), tf.mul(tf.mul(cube, -0.5), scale!)), variance!.shape);
      },
      scale: () => sumToShape(tf.mul(dy, tf.mul(centred(), inverse())), scale!.shape),
      offset: () => sumToShape(dy, mean!.shape),
    };
  },
};

export const batchNormalizationGradients: readonly Gradient[] = [fusedBatchNorm];
