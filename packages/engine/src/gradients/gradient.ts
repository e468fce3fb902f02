/**
 * What every gradient of this folder is made of.
 *
 * TensorFlow.js saves an output for the backward pass as a clone that it records before the operation itself; the tape is
 * walked forward once, so a saved output counts as a constant, and whatever is computed from it loses its second
 * derivative without a word. Hence the rule here: a gradient that someone may differentiate is a function of saved inputs.
 */
import * as tf from '@tensorflow/tfjs';

/** Saved inputs and outputs of an operation, and its attributes, as a gradient receives them. */
export type Saved = tf.Tensor[];
export type Attributes = Record<string, unknown>;
export type InputGradients = Record<string, () => tf.Tensor>;

/** The gradient of one kernel, in the form that tfjs registers. `dy` is a list for kernels of several outputs. */
export interface Gradient {
  readonly kernelName: string;
  readonly inputsToSave?: string[] | undefined;
  readonly outputsToSave?: boolean[] | undefined;
  readonly saveAllInputs?: boolean | undefined;
  readonly gradFunc: (dy: tf.Tensor, saved: Saved, attributes: Attributes) => InputGradients;
}

/**
 * An output for use in a gradient: the saved one while nobody differentiates this gradient (no work is repeated in
 * ordinary training), and otherwise the output computed again from the inputs, which the tape can follow.
 */
export function outputOf(saved: tf.Tensor, compute: () => tf.Tensor): tf.Tensor {
  return tf.engine().isTapeOn() ? compute() : saved;
}

/** The sum of a gradient over the axes along which an operand of `shape` was broadcast. */
export function sumToShape(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (tf.util.arraysEqual(gradient.shape, [...shape])) return gradient;
  const axes = tf.broadcast_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, [...shape]);
}

/** A gradient that is zero everywhere, in the dtype that tfjs demands of gradients. */
export function zeroGradient(input: tf.Tensor): tf.Tensor {
  return tf.zeros(input.shape, 'float32');
}

/** 1 where `condition` holds, else 0, as a float constant. */
export function mask(condition: tf.Tensor): tf.Tensor {
  return tf.cast(condition, 'float32');
}
