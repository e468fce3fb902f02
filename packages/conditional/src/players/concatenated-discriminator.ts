// Any discriminator, told the class or a description of each sample as further channels of its input.
import { checkBatch, checkOptions, type Discriminator, tidyOutput, wrapDiscriminator } from '@gankit/core';
import { appendChannels, shapeWithout } from './append-channels.ts';
import { type ToldVectorsOptions, toldNames, toldVectors, toldWidth } from './told-vectors.ts';

/** Options of {@link concatenatedDiscriminator}; at least one of `classes` and `vectors`. */
export interface ConcatenatedDiscriminatorOptions extends ToldVectorsOptions {}

/**
 * A discriminator that is told what a sample is to be, of any that is not: the class's embedding and the vector of each sample are
 * appended to the sample, to a point as further numbers, to an image as further channels that are the same at every position.
 *
 * The inner discriminator is made for the larger input: with 10 classes as one-hot and images of [28, 28, 1],
 * `inputShape: [28, 28, 11]`. The wrapper's own `inputShape` is `[28, 28, 1]`. Conditions are read as
 * `conditionalGenerator` reads them, and go to the inner discriminator as well. Owns the inner discriminator.
 *
 * Source: Mirza and Osindero 2014, section 3.2. Does not fit autoencoding discriminators, which would have to reconstruct the class.
 * @throws GanKitError `incompatible` when the input has no room for the condition, `invalid-argument` without classes and vectors.
 *   `discriminate` throws `incompatible` when it is not told what it needs, `invalid-shape` when that has another shape.
 */
export function concatenatedDiscriminator(
  inner: Discriminator,
  options: ConcatenatedDiscriminatorOptions,
): Discriminator & Disposable {
  checkOptions('concatenatedDiscriminator', options, toldNames);
  const name = `conditional ${inner.name}`;
  const width = toldWidth('concatenatedDiscriminator', options);
  const inputShape = shapeWithout(`The input of ${inner.name}`, inner.inputShape, width);
  const told = toldVectors(name, 'concatenated-discriminator', options);
  return wrapDiscriminator(inner, {
    name,
    inputShape,
    needs: told.needs,
    own: told.variables,
    discriminate(samples, forward) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      return tidyOutput(() => {
        return inner.discriminate(appendChannels(samples, told.of(forward, samples.shape[0]!)), forward);
      });
    },
  });
}
