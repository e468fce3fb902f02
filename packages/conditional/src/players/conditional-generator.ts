// Any generator, told the class, a code or a description of each sample through its latent.
import { checkBatch, checkOptions, type Generator, wrapGenerator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { appendChannels, shapeWithout } from './append-channels.ts';
import { type ToldVectorsOptions, toldNames, toldVectors, toldWidth } from './told-vectors.ts';

/** Options of {@link conditionalGenerator}; at least one of `classes` and `vectors`. */
export interface ConditionalGeneratorOptions extends ToldVectorsOptions {}

/**
 * A generator that is told what to make, of any that is not: the class's embedding and the vector of each sample are appended to the
 * latent, to a vector as further numbers, to a matrix of noise as further channels that are the same at every position.
 *
 * The inner generator is made for the longer latent: with 10 classes as one-hot and a latent of 100, `latentSize: 110`. The wrapper's
 * own `latentShape` is `[100]`. It reads `condition.labels`, or when there are none the first columns of `condition.vectors` as
 * weights of the classes, so that a sample can lie between two; its own vectors follow them then. The condition goes to the inner
 * generator as well. Owns the inner generator.
 *
 * Sources: Mirza and Osindero 2014 (labels), Chen et al. 2016 (codes).
 * @throws GanKitError `incompatible` when the latent has no room for the condition, `invalid-argument` without classes and vectors.
 *   `generate` throws `incompatible` when it is not told what it needs, `invalid-shape` when that has another shape.
 */
export function conditionalGenerator(inner: Generator, options: ConditionalGeneratorOptions): Generator & Disposable {
  checkOptions('conditionalGenerator', options, toldNames);
  const name = `conditional ${inner.name}`;
  const width = toldWidth('conditionalGenerator', options);
  const latentShape = shapeWithout(`The latent of ${inner.name}`, inner.latentShape, width);
  const told = toldVectors(name, 'conditional-generator', options);
  return wrapGenerator(inner, {
    name,
    latentShape,
    needs: told.needs,
    own: told.variables,
    generate(latent, forward) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      return tf.tidy(() => {
        return inner.generate(appendChannels(latent, told.of(forward, latent.shape[0]!)), forward);
      });
    },
  });
}
