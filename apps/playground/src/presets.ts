// What the page begins with.
import type { Experiment } from './protocol.ts';

const adam = { name: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.99 };

/** The ring of docs/game.md: eight narrow Gaussians, a latent of two numbers whose plane can be drawn. */
export const ringRecipe = {
  version: 1,
  seed: 1,
  data: { name: 'ring', standardDeviation: 0.02 },
  batchSize: 128,
  generator: { name: 'mlp', latentSize: 2, hidden: [128, 128] },
  discriminator: { name: 'mlp', hidden: [128, 128] },
  loss: { name: 'non-saturating' },
  optimizers: { generator: adam, discriminator: adam },
  stopping: { steps: 20_000 },
} as const;

export const pointsExperiment: Experiment = { recipe: ringRecipe };

/** A small conditional DCGAN that a page can train. */
export const digitsRecipe = {
  version: 1,
  seed: 1,
  data: { name: 'mnist', split: 'test' },
  batchSize: 32,
  generator: { name: 'dcgan', latentSize: 32, width: 16 },
  discriminator: { name: 'dcgan', width: 16 },
  conditioning: [{ name: 'projection' }],
  loss: { name: 'non-saturating' },
  optimizers: {
    generator: { name: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.99 },
    discriminator: { name: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.99 },
  },
  stabilizers: [{ name: 'monitor' }],
  stopping: { steps: 20_000 },
} as const;

export const picturesExperiment: Experiment = { recipe: digitsRecipe };
