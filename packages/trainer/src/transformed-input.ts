// A discriminator that sees its samples through a transformation while it trains.
import type { Discriminator, DiscriminatorOutput, ForwardOptions, Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
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
): Discriminator & Stateful {
  const state = stateOfParts({ ...parts, discriminator });
  return {
    get name() {
      return discriminator.name;
    },
    get inputShape() {
      return discriminator.inputShape;
    },
    get verdict() {
      return discriminator.verdict ?? 'logit';
    },
    get heads() {
      return discriminator.heads;
    },
    get variables() {
      return discriminator.variables;
    },
    discriminate(samples, options) {
      if (!options.training) return discriminator.discriminate(samples, options);
      let output: DiscriminatorOutput | undefined;
      tf.tidy(() => {
        output = discriminator.discriminate(transform(samples, options), options);
        const { logits, features = [], classLogits } = output;
        return [logits, ...features, ...(classLogits === undefined ? [] : [classLogits])];
      });
      return output!;
    },
    saveState: () => state.saveState(),
    loadState: (saved) => state.loadState(saved),
    dispose() {
      discriminator.dispose();
    },
  };
}
