// Building a network that somebody else described, without letting the description take more memory than its weights justify.
import type { GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** What every layer makes its weights with (protected in the types). */
interface WeightMaker {
  addWeight(this: tf.layers.Layer, name: string, shape: readonly number[], ...rest: unknown[]): tf.LayerVariable;
}

/**
 * Runs `build`, and stops it before tf.layers allocates more than `bound` numbers for weights. When it fails, the weights made so far
 * are freed.
 * @param tooLarge The error for a description that asks for more.
 * @throws whatever `build` throws.
 */
export function buildWithin<T>(bound: number, build: () => T, tooLarge: () => GanKitError): T {
  const prototype = tf.layers.Layer.prototype as unknown as WeightMaker;
  const original = prototype.addWeight;
  const made: tf.LayerVariable[] = [];
  let total = 0;
  prototype.addWeight = function (name, shape, ...rest) {
    total += shape.reduce((product, size) => product * size, 1);
    // A NaN is no bound either.
    if (!(total <= bound)) throw tooLarge();
    const weight = original.call(this, name, shape, ...rest);
    made.push(weight);
    return weight;
  };
  try {
    return build();
  } catch (error) {
    for (const weight of made) (weight.read() as tf.Variable).dispose();
    throw error;
  } finally {
    prototype.addWeight = original;
  }
}
