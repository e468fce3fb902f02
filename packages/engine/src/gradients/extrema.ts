/** Gradients of maximum, minimum, clipping and of the largest or smallest entry along axes. */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, mask, sumToShape } from './gradient.ts';

/** The gradient goes to the operand that won; a tie goes to `a`, as in TensorFlow. */
function winner(kernelName: string, wins: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Gradient {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({
      a: () => sumToShape(tf.mul(dy, mask(wins(a!, b!))), a!.shape),
      b: () => sumToShape(tf.mul(dy, tf.sub(1, mask(wins(a!, b!)))), b!.shape),
    }),
  };
}

/**
 * Divided evenly among equal extremes, so that it is a subgradient: without that, n equal entries got n times `dy`. The
 * saved output serves for the second derivative too, because the mask made of it is piecewise constant.
 */
function extreme(kernelName: string, axisName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) => ({
      x: () => {
        const axes = tf.util.parseAxisParam(attributes[axisName] as number | number[], x!.shape);
        const kept = x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        const chosen = mask(tf.equal(x!, tf.reshape(y!, kept)));
        return tf.mul(chosen, tf.div(tf.reshape(dy, kept), tf.sum(chosen, axes, true)));
      },
    }),
  };
}

/** 1 inside the closed interval, 0 outside. */
const clipByValue: Gradient = {
  kernelName: 'ClipByValue',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const lowest = attributes['clipValueMin'] as number;
      const highest = attributes['clipValueMax'] as number;
      const inside = tf.logicalAnd(tf.greaterEqual(x!, lowest), tf.lessEqual(x!, highest));
      return tf.mul(dy, mask(inside));
    },
  }),
};

export const extremaGradients: readonly Gradient[] = [
  winner('Maximum', (a, b) => tf.greaterEqual(a, b)),
  winner('Minimum', (a, b) => tf.lessEqual(a, b)),
  extreme('Max', 'reductionIndices'),
  extreme('Min', 'axis'),
  clipByValue,
];
