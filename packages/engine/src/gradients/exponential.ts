/** Gradients of functions whose derivative is written with their own value: exp, tanh, sigmoid, softmax. */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, outputOf } from './gradient.ts';

/** `(e^x)' = e^x` */
const exp: Gradient = {
  kernelName: 'Exp',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y]) => ({
    x: () =>
      tf.mul(
        dy,
        outputOf(y!, () => tf.exp(x!)),
      ),
  }),
};

/** `tanh' = 1 - tanh^2` */
const tanh: Gradient = {
  kernelName: 'Tanh',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y]) => ({
    x: () => tf.mul(dy, tf.sub(1, tf.square(outputOf(y!, () => tf.tanh(x!))))),
  }),
};

/** `sigmoid' = sigmoid (1 - sigmoid)` */
const sigmoid: Gradient = {
  kernelName: 'Sigmoid',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y]) => ({
    x: () => {
      const value = outputOf(y!, () => tf.sigmoid(x!));
      return tf.mul(dy, tf.mul(value, tf.sub(1, value)));
    },
  }),
};

/** `y = softmax(x)`: `dx = y (dy - sum(dy y))` */
const softmax: Gradient = {
  kernelName: 'Softmax',
  inputsToSave: ['logits'],
  outputsToSave: [true],
  gradFunc: (dy, [logits, y], attributes) => ({
    logits: () => {
      const axis = attributes['dim'] as number;
      const value = outputOf(y!, () => tf.softmax(logits!, axis));
      return tf.mul(value, tf.sub(dy, tf.sum(tf.mul(dy, value), axis, true)));
    },
  }),
};

/** `y = log softmax(x)`: `dx = dy - softmax(x) sum(dy)` */
const logSoftmax: Gradient = {
  kernelName: 'LogSoftmax',
  inputsToSave: ['logits'],
  outputsToSave: [true],
  gradFunc: (dy, [logits, y], attributes) => ({
    logits: () => {
      const axis = attributes['axis'] as number;
      const probabilities = tf.engine().isTapeOn() ? tf.softmax(logits!, axis) : tf.exp(y!);
      return tf.sub(dy, tf.mul(tf.sum(dy, axis, true), probabilities));
    },
  }),
};

export const exponentialGradients: readonly Gradient[] = [exp, tanh, sigmoid, softmax, logSoftmax];
