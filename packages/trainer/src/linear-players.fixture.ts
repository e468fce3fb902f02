// The smallest game: G(z) = a z + b, D(x) = w x + c, with every gradient in closed form.
import type { AdversarialLoss, Batch, Discriminator, Generator, Network, Optimizer } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

function network(name: string, values: Readonly<Record<string, number>>) {
  const variables = Object.entries(values).map(([key, value]) => ({
    name: key,
    variable: tf.tidy(() => tf.variable(tf.scalar(value))),
    trainable: true,
  }));
  return {
    name,
    variables,
    dispose: () => tf.dispose(variables.map(({ variable }) => variable)),
  };
}

export function linearGenerator(a = 0.5, b = 0.1): Generator {
  const base = network('linear-generator', { a, b });
  const [slope, shift] = base.variables.map(({ variable }) => variable);
  return {
    ...base,
    latentShape: [1],
    outputShape: [1],
    generate: (latent) => latent.mul(slope!).add(shift!),
  };
}

export function linearDiscriminator(w = 0.7, c = -0.2): Discriminator {
  const base = network('linear-discriminator', { w, c });
  const [slope, shift] = base.variables.map(({ variable }) => variable);
  return {
    ...base,
    inputShape: [1],
    heads: [],
    discriminate: (samples) => ({ logits: samples.mul(slope!).add(shift!) }),
  };
}

/** Minimax of the scores themselves: L_D = mean f - mean r, L_G = -mean f. */
export const scores: AdversarialLoss = {
  name: 'scores',
  decision: 'above-mean',
  discriminatorLoss: ({ real, fake }) => tf.tidy(() => fake.logits.mean().sub(real.logits.mean())),
  generatorLoss: ({ fake }) => tf.tidy(() => fake.logits.mean<tf.Scalar>().neg<tf.Scalar>()),
};

/** Plain gradient descent. */
export function descent(learningRate: number): Optimizer {
  let iterations = 0;
  return {
    name: 'descent',
    learningRateFactor: 1,
    get learningRate() {
      return learningRate * (this.learningRateFactor ?? 1);
    },
    get iterations() {
      return iterations;
    },
    applyGradients(gradients) {
      iterations++;
      for (const { variable, gradient } of gradients) {
        tf.tidy(() => variable.assign(tf.sub(variable, gradient.mul(this.learningRate))));
      }
    },
    saveState: async () => ({ values: { iterations } }),
    loadState({ values }) {
      iterations = values?.['iterations'] as number;
    },
    dispose() {},
  };
}

/** The variables' values by name. */
export function valuesOf({ variables }: Network): Record<string, number> {
  return Object.fromEntries(variables.map(({ name, variable }) => [name, variable.dataSync()[0]!]));
}

/** `count` batches of two samples each; without a count they have no end. */
export async function* batches(count = Number.POSITIVE_INFINITY): AsyncGenerator<Batch> {
  for (let index = 0; index < count; index++) yield { data: tf.tensor2d([[1], [2 + index / 10]]) };
}
