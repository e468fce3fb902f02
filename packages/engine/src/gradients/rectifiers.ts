/**
 * Gradients of the piecewise activations. Masks are made with `step`, whose own gradient is zero, and every factor is
 * finite on the side that its mask switches off (0 * Infinity would be NaN).
 */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, outputOf, sumToShape } from './gradient.ts';

/** `lambda` and `lambda alpha` of Klambauer et al. 2017, "Self-Normalizing Neural Networks", equation 2. */
const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473768;

/** `min(x, 0)`, differentiable through relu. */
function negativePart(x: tf.Tensor): tf.Tensor {
  return tf.neg(tf.relu(tf.neg(x)));
}

/** `dy` where x > 0, `slope dy` elsewhere; the slope may be a broadcast tensor. */
function leak(dy: tf.Tensor, x: tf.Tensor, slope: tf.Tensor | number): tf.Tensor {
  const positive = tf.step(x);
  return tf.mul(dy, tf.add(positive, tf.mul(tf.sub(1, positive), slope)));
}

/** The sign; 0 at 0 as in TensorFlow and PyTorch, where tfjs has -1. */
const abs: Gradient = {
  kernelName: 'Abs',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(tf.cast(x!, 'float32'))) }),
};

const leakyRelu: Gradient = {
  kernelName: 'LeakyRelu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    // step(x, alpha) is 1 above zero and alpha at or below it: the derivative itself, in one kernel.
    x: () => tf.mul(dy, tf.step(tf.cast(x!, 'float32'), attributes['alpha'] as number)),
  }),
};

const prelu: Gradient = {
  kernelName: 'Prelu',
  inputsToSave: ['x', 'alpha'],
  gradFunc: (dy, [x, alpha]) => ({
    x: () => leak(dy, x!, alpha!),
    alpha: () => sumToShape(tf.mul(dy, negativePart(x!)), alpha!.shape),
  }),
};

const relu6: Gradient = {
  kernelName: 'Relu6',
  inputsToSave: ['x'],
  // 1 on (0, 6], as tfjs has it.
  gradFunc: (dy, [x]) => ({
    x: () => tf.mul(dy, tf.mul(tf.step(x!), tf.sub(1, tf.step(tf.sub(x!, 6))))),
  }),
};

/** `elu(x) = x` or `e^x - 1`; the derivative is 1 or `elu(x) + 1`. */
const elu: Gradient = {
  kernelName: 'Elu',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y]) => ({
    x: () => tf.engine().runKernel('EluGrad', { dy, y: outputOf(y!, () => tf.elu(x!)) }),
  }),
};

/** `EluGrad(dy, y) = dy` where `y >= 0`, else `dy (y + 1)`. */
const eluGrad: Gradient = {
  kernelName: 'EluGrad',
  inputsToSave: ['dy', 'y'],
  gradFunc: (ddx, [dy, y]) => ({
    dy: () => tf.mul(ddx, tf.add(1, negativePart(y!))),
    y: () => tf.mul(ddx, tf.mul(dy!, tf.step(tf.neg(y!)))),
  }),
};

const selu: Gradient = {
  kernelName: 'Selu',
  inputsToSave: ['x'],
  gradFunc: (dy, [x]) => ({
    x: () => {
      const positive = tf.step(x!);
      const below = tf.mul(tf.sub(1, positive), tf.mul(tf.exp(negativePart(x!)), seluScaleAlpha));
      return tf.mul(dy, tf.add(tf.mul(positive, seluScale), below));
    },
  }),
};

export const rectifierGradients: readonly Gradient[] = [abs, leakyRelu, prelu, relu6, elu, eluGrad, selu];
