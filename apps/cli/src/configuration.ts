// From the command line to a run's resolved configuration: what config.json holds, and all that a run depends on.
import { type DataSource, GanKitError, type Json } from '@gankit/core';
import { type GeneratorSpecification, generatorSpecification } from '@gankit/models';
import { dataSetNamed } from './data-sets.ts';
import type { Environment } from './environment.ts';
import type { NamedPart } from './parse.ts';

/** The options of `gankit train` that decide what a run computes, as the command line gives them. */
export interface GameOptions {
  readonly data: string;
  readonly dataFolder?: string | undefined;
  readonly model?: string | undefined;
  readonly conditional?: string | undefined;
  readonly loss: NamedPart;
  readonly penalty: readonly NamedPart[];
  readonly clipWeights?: number | undefined;
  readonly steps?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly discriminatorLearningRate?: number | undefined;
  readonly learningRateDecay?: number | undefined;
  readonly clipGradients?: number | undefined;
  readonly latentSize?: number | undefined;
  readonly width?: number | undefined;
  readonly schedule?: NamedPart | undefined;
  readonly discriminatorSteps?: number | undefined;
  readonly negatives: NamedPart;
  readonly instanceNoise?: number | undefined;
  readonly augment?: NamedPart | undefined;
  readonly average?: number | undefined;
  readonly onDivergence: 'rollback' | 'stop';
  readonly sampleEvery?: number | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly tensorboard?: boolean | undefined;
  readonly seed: number;
}

/** Everything that decides what a run computes. Plain JSON. */
export interface RunConfiguration {
  readonly data: string;
  readonly dataFolder?: string | undefined;
  readonly model: GeneratorSpecification;
  /** How the discriminator is told the class; the generator is told it as well. Absent for a game without classes. */
  readonly conditional?: string | undefined;
  readonly loss: NamedPart;
  readonly penalties: readonly NamedPart[];
  readonly clipWeights?: number | undefined;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Of the discriminator, where it differs (TTUR). */
  readonly discriminatorLearningRate?: number | undefined;
  /** Share of the run after which the learning rates fall to 0 in a straight line; 1 keeps them. */
  readonly learningRateDecay: number;
  readonly beta1: number;
  readonly clipGradients?: number | undefined;
  readonly schedule: NamedPart;
  readonly negatives: NamedPart;
  /** Standard deviation at the start; it falls to 0 in a straight line over the run. */
  readonly instanceNoise?: number | undefined;
  readonly augment?: NamedPart | undefined;
  /** Half-life, in samples, of the average of the generator's weights that is shown and saved. */
  readonly average?: number | undefined;
  readonly onDivergence: 'rollback' | 'stop';
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
  readonly tensorboard: boolean;
  readonly seed: number;
}

/** Settings that suit each architecture, used where the command line is silent. */
interface Defaults {
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly beta1: number;
  readonly width: number;
}

const defaults: Readonly<Record<string, Defaults>> = {
  // Half the paper's width and ten times its rate, going to 0: digits in two minutes on two cores rather than in twenty.
  dcgan: { steps: 1000, batchSize: 64, learningRate: 2e-3, learningRateDecay: 0.5, beta1: 0.5, width: 32 },
  mlp: { steps: 5000, batchSize: 256, learningRate: 1e-3, learningRateDecay: 0.5, beta1: 0.5, width: 128 },
};
/** For architectures without settings of their own: the papers' usual ones, at a width that a CPU can bear. */
const usual: Defaults = {
  steps: 5000,
  batchSize: 64,
  learningRate: 2e-4,
  learningRateDecay: 1,
  beta1: 0,
  width: 32,
};

/** Pictures and checkpoints that a run makes when the command line does not say how often. */
const picturesPerRun = 20;

/** An object without the members that are `undefined`. */
function present<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/**
 * Fills in what the command line left out.
 * @param source The data: the shape of a sample, and the classes where it has any.
 * @throws GanKitError `unknown-name` for a model that does not exist, `invalid-argument` for options that exclude each other.
 */
export function resolveConfiguration(
  options: GameOptions,
  { name, shape, classNames }: Pick<DataSource, 'name' | 'shape' | 'classNames'>,
): RunConfiguration {
  if (options.conditional !== undefined && classNames === undefined) {
    throw new GanKitError('incompatible', `--conditional needs data with classes, and '${name}' has none.`);
  }
  const classes = options.conditional === undefined ? undefined : classNames?.length;
  const model = options.model ?? dataSetNamed(options.data).defaultModel;
  const suited = Object.hasOwn(defaults, model) ? defaults[model]! : usual;
  const specification = generatorSpecification(model, shape, {
    latentSize: options.latentSize,
    width: options.width ?? suited.width,
    classes,
  });
  if (options.schedule !== undefined && options.discriminatorSteps !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      '--discriminator-steps and --schedule exclude each other; write --schedule fixed:discriminatorUpdates=N.',
    );
  }
  const { discriminatorSteps = 1 } = options;
  const steps = options.steps ?? suited.steps;
  const often = Math.max(1, Math.floor(steps / picturesPerRun));
  return present<RunConfiguration>({
    data: options.data,
    dataFolder: options.dataFolder,
    model: specification,
    conditional: options.conditional,
    loss: options.loss,
    penalties: options.penalty,
    clipWeights: options.clipWeights,
    steps,
    batchSize: options.batchSize ?? suited.batchSize,
    learningRate: options.learningRate ?? suited.learningRate,
    discriminatorLearningRate: options.discriminatorLearningRate,
    learningRateDecay: options.learningRateDecay ?? suited.learningRateDecay,
    beta1: suited.beta1,
    clipGradients: options.clipGradients,
    schedule: options.schedule ?? { name: 'fixed', options: { discriminatorUpdates: String(discriminatorSteps) } },
    negatives: options.negatives,
    instanceNoise: options.instanceNoise,
    augment: options.augment,
    average: options.average,
    onDivergence: options.onDivergence,
    sampleEvery: options.sampleEvery ?? often,
    checkpointEvery: options.checkpointEvery ?? often,
    tensorboard: options.tensorboard ?? false,
    seed: options.seed,
  });
}

/** The options of a command line that would give a configuration again. */
export function optionsOf(configuration: RunConfiguration): GameOptions {
  const { model, penalties, beta1, ...rest } = configuration;
  return { ...rest, model: model.architecture, latentSize: model.latentSize, width: model.width, penalty: penalties };
}

/** The text of config.json. */
export function formatConfiguration(configuration: RunConfiguration, environment: Environment): string {
  return `${JSON.stringify({ ...configuration, environment }, undefined, 2)}\n`;
}

/**
 * Reads the text of config.json.
 * @throws GanKitError `invalid-data` when it is damaged.
 */
export function parseConfiguration(
  text: string,
  path: string,
): { readonly configuration: RunConfiguration; readonly environment: Environment } {
  let parsed: (RunConfiguration & { environment?: Environment | undefined }) | null;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new GanKitError('invalid-data', `'${path}' is not JSON (${(cause as Error).message}); it was damaged.`, {
      path,
      cause,
    });
  }
  const { environment, ...configuration } = parsed ?? {};
  const { model, steps } = configuration as Partial<Record<keyof RunConfiguration, Json>>;
  if (environment === undefined || typeof steps !== 'number' || typeof model !== 'object') {
    throw new GanKitError('invalid-data', `'${path}' is not the configuration of a run; it was damaged.`, { path });
  }
  return { configuration: configuration as RunConfiguration, environment };
}
