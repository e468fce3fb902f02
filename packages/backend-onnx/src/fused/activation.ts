/** The activations that fused operations know: all of the form `z > 0 ? z : slope * z`. */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackendError } from '../errors.ts';

/** `linear`, `relu`, or a leaky relu by the slope of its left half. */
export type FusedActivation = 'linear' | 'relu' | { leakyRelu: number };

/** The slope of the left half: 1 for linear, 0 for relu. */
export function slopeOf(activation: FusedActivation = 'linear'): number {
  if (activation === 'linear') return 1;
  if (activation === 'relu') return 0;
  const slope = activation.leakyRelu;
  if (!(slope >= 0 && slope <= 1)) {
    throw new OnnxBackendError(`leakyRelu is ${slope}; give a slope from 0 to 1.`);
  }
  return slope;
}

/** The activation in plain operations, differentiable any number of times. */
export function activateComposite<T extends tf.Tensor>(z: T, slope: number): T {
  if (slope === 1) return z;
  if (slope === 0) return tf.relu(z);
  return tf.mul(z, derivativeComposite(z, slope));
}

/** Its derivative at `z`, constant wherever it is differentiable. */
export function derivativeComposite<T extends tf.Tensor>(z: T, slope: number): T {
  return tf.step(z, slope);
}

/**
 * Whether a gradient that is being computed may itself be differentiated: then an outer gradient is recording, and
 * plain operations must be used, since fused ones have no second derivative.
 */
export function needsSecondDerivative(): boolean {
  return tf.engine().state.gradientDepth > 0;
}

/** Whether the backend in use has a kernel of this name. */
export function hasKernel(name: string): boolean {
  const kernel: tf.KernelConfig | undefined = tf.getKernel(name, tf.getBackend());
  return kernel !== undefined;
}
