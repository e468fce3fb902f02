// A discriminator that sees its samples through a transformation while it trains.
import {
  type Discriminator,
  type ForwardOptions,
  type State,
  type Stateful,
  tidyOutput,
  wrapDiscriminator,
} from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { stateOfParts } from './state-of-parts.ts';

export interface TransformedInput {
  /** What is done to the samples in training: the same shape, differentiable with respect to them. Runs inside a `tf.tidy`. */
  readonly transform: (samples: tf.Tensor, options: ForwardOptions) => tf.Tensor;
  /** The parts of the transformation that have state: random streams, probabilities. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/**
 * The same discriminator, except that in training it judges transformed samples; outside training it is the inner one.
 * Everything else is passed on, `dispose` and the inner part's own state included.
 */
export function withTransformedInput(
  discriminator: Discriminator,
  { transform, parts }: TransformedInput,
): Discriminator & Stateful & Disposable {
  const state = stateOfParts({ ...parts, discriminator });
  const wrapped = wrapDiscriminator(discriminator, {
    name: discriminator.name,
    discriminate: (samples, options) =>
      options.training
        ? tidyOutput(() => discriminator.discriminate(transform(samples, options), options))
        : discriminator.discriminate(samples, options),
  });
  return Object.assign(wrapped, {
    saveState: () => state.saveState(),
    loadState: (saved: State) => state.loadState(saved),
  });
}
