// One training run on a ring or a grid of Gaussians, measured: what the loss table and the search for settings are made of.
import { performance } from 'node:perf_hooks';
import type { PointDistribution } from '@gankit/data';
import { distributions } from '@gankit/data/registry';
import { losses } from '@gankit/losses/registry';
import type { Recipe } from '@gankit/recipes';
import { buildRun, dataFacts, defineRecipe, resolveRecipe } from '@gankit/recipes';

/** Samples that each run is judged by, as in the tables of VEEGAN and PacGAN. */
const judgedSamples = 2500;

export interface Part {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Everything that decides a run but its seed. */
export interface Setting {
  readonly data: 'ring' | 'grid';
  readonly loss: Part;
  readonly penalties?: readonly Part[];
  /** The limit of weight clipping; none when absent. */
  readonly clip?: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly latentSize: number;
  readonly generatorHidden: readonly number[];
  readonly discriminatorHidden: readonly number[];
  readonly learningRate: number;
  /** The learning rate goes to 0 along a straight line from this share of the steps on. */
  readonly decayFrom: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly discriminatorUpdates?: number;
}

export interface Outcome {
  readonly modesFound: number;
  /** Modes there are. */
  readonly modes: number;
  readonly highQualityShare: number;
  readonly reverseKl: number;
  readonly seconds: number;
}

/** One number between encoder and decoder, so that an autoencoder of points cannot learn the identity. */
const codeSize = 1;

/** A setting as a recipe. */
export function recipeOf(setting: Setting, seed: number): Recipe {
  const { loss, penalties = [], learningRate, decayFrom, beta1, beta2 } = setting;
  const isEnergy = losses.entry(loss.name).verdict === 'energy';
  const adam = { name: 'adam', learningRate, beta1, beta2, rate: { name: 'linear', hold: decayFrom } } as const;
  const part = ({ name, options }: Part) => ({ ...options, name });
  return defineRecipe({
    seed,
    data: { name: setting.data },
    batchSize: setting.batchSize,
    generator: { name: 'mlp', latentSize: setting.latentSize, hidden: [...setting.generatorHidden] },
    discriminator: { name: 'mlp', hidden: [...setting.discriminatorHidden], ...(isEnergy && { codeSize }) },
    loss: part(loss) as Recipe['loss'],
    penalties: penalties.map(part) as Recipe['penalties'],
    constraints: setting.clip === undefined ? [] : [{ name: 'clip-weights', limit: setting.clip }],
    optimizers: { generator: adam, discriminator: adam },
    schedule: { name: 'fixed', discriminatorUpdates: setting.discriminatorUpdates ?? 1 },
    stabilizers: [],
    metrics: [{ name: 'mode-coverage', samples: judgedSamples }],
    stopping: { steps: setting.steps, divergence: 'stop' },
    watchEvery: 0,
  });
}

/**
 * Trains once and measures the generator at the end.
 * @throws GanKitError `numerical` when training diverges.
 */
export async function runSetting(setting: Setting, seed: number): Promise<Outcome> {
  const source = (await distributions.create({ name: setting.data }, undefined)) as PointDistribution;
  const run = buildRun(resolveRecipe(recipeOf(setting, seed), dataFacts(source)), source);
  try {
    const start = performance.now();
    await run.trainer.train(run.batches, { steps: setting.steps });
    const seconds = (performance.now() - start) / 1000;
    const measured = await run.measure();
    const [modesFound = 0, highQualityShare = 0, reverseKl = 0] = ['modesFound', 'highQualityShare', 'reverseKl'].map(
      (name) => measured[`mode-coverage.${name}`],
    );
    return { modesFound, modes: source.modes?.length ?? 0, highQualityShare, reverseKl, seconds };
  } finally {
    run.dispose();
  }
}
