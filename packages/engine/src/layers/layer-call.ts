// What every layer here needs of tf.layers: types that the package does not export, and its habit of passing one thing or a list.
import { type Communicator, GanKitError, type OptionNames } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What the constructor of any tf.layers layer takes: `name`, `inputShape`, `trainable`, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** The names in {@link LayerArgs}, for the checks of functions that make a layer. */
export const layerOptionNames: OptionNames<LayerArgs> = {
  inputShape: 'optional',
  batchInputShape: 'optional',
  batchSize: 'optional',
  dtype: 'optional',
  name: 'optional',
  trainable: 'optional',
  weights: 'optional',
  inputDType: 'optional',
};

/**
 * The least that may be added to a variance: where the variance is 0, the second derivative of `1 / sqrt(variance + epsilon)` has the
 * size `epsilon ^ -2.5`, which is to be a finite 32-bit float.
 */
export const smallestEpsilon = 1e-12;

/** What is passed on to `call` by `apply(input, ...)` of a layer or of a whole model. */
export interface CallOptions {
  /** Whether this pass belongs to training. */
  readonly training?: boolean | undefined;
  /**
   * Whether the layers move their own state in this pass: moving averages of batch normalisation, power iteration of spectral
   * normalisation. Pass true in one call of each training step and false in the others; see each layer for what happens
   * when it is absent.
   */
  readonly updateState?: boolean | undefined;
  /** The processes that the batch is spread over; absent for one process. */
  readonly communicator?: Communicator | undefined;
}

/** The only input of a layer. */
export function singleTensor(inputs: tf.Tensor | tf.Tensor[], layer: tf.layers.Layer): tf.Tensor {
  if (!Array.isArray(inputs)) return inputs;
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0) {
    throw new GanKitError('invalid-argument', `${layer.name} takes one tensor, not ${inputs.length}.`);
  }
  return input;
}

/** The only input shape of a layer. */
export function singleShape(shape: tf.Shape | tf.Shape[]): tf.Shape {
  return Array.isArray(shape[0]) ? (shape[0] as tf.Shape) : (shape as tf.Shape);
}

/**
 * The size of the last axis, which must be known when a layer is built.
 * @throws GanKitError `invalid-shape` when it is not.
 */
export function channelsOf(shape: tf.Shape, layer: tf.layers.Layer): number {
  const channels = shape.at(-1);
  if (typeof channels === 'number') return channels;
  throw new GanKitError('invalid-shape', `${layer.name} needs a known number of channels, not [${shape}].`);
}
