// From the command line to a run's resolved configuration: what config.json holds, and all that a run depends on.
import { GanKitError, type Json } from '@gankit/core';
import { type GeneratorSpecification, generatorSpecification } from '@gankit/models';
import { dataSetNamed } from './data-sets.ts';
import type { NamedPart } from './parse.ts';

/** The options of `gankit train` as the command line gives them. */
export interface TrainOptions {
  readonly data: string;
  readonly dataFolder?: string;
  readonly model?: string;
  readonly loss: NamedPart;
  readonly penalty: readonly NamedPart[];
  readonly clipWeights?: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly learningRateDecay?: number;
  readonly latentSize?: number;
  readonly width?: number;
  readonly discriminatorSteps: number;
  readonly sampleEvery?: number;
  readonly seed: number;
  readonly out?: string;
  readonly backend?: string;
  readonly debug?: boolean;
}

/** Everything that decides what a run computes. Plain JSON. */
export interface RunConfiguration {
  readonly data: string;
  readonly dataFolder?: string;
  readonly model: GeneratorSpecification;
  readonly loss: NamedPart;
  readonly penalties: readonly NamedPart[];
  readonly clipWeights?: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Share of the run after which the learning rate falls to 0 in a straight line; 1 keeps it. */
  readonly learningRateDecay: number;
  readonly beta1: number;
  readonly discriminatorSteps: number;
  readonly sampleEvery: number;
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

/** Pictures that a run makes when the command line does not say how often. */
const picturesPerRun = 20;

/**
 * Fills in what the command line left out.
 * @param sampleShape The shape of one sample of the data.
 * @throws GanKitError `unknown-name` for a model that does not exist.
 */
export function resolveConfiguration(options: TrainOptions, sampleShape: readonly number[]): RunConfiguration {
  const model = options.model ?? dataSetNamed(options.data).defaultModel;
  const suited: Defaults | undefined = Object.hasOwn(defaults, model) ? defaults[model] : undefined;
  const specification = generatorSpecification(model, sampleShape, {
    ...(options.latentSize === undefined ? {} : { latentSize: options.latentSize }),
    ...(options.width === undefined && suited === undefined ? {} : { width: options.width ?? suited!.width }),
  });
  if (suited === undefined) throw new GanKitError('invalid-argument', `The model '${model}' has no default settings.`);
  const steps = options.steps ?? suited.steps;
  return {
    data: options.data,
    ...(options.dataFolder === undefined ? {} : { dataFolder: options.dataFolder }),
    model: specification,
    loss: options.loss,
    penalties: options.penalty,
    ...(options.clipWeights === undefined ? {} : { clipWeights: options.clipWeights }),
    steps,
    batchSize: options.batchSize ?? suited.batchSize,
    learningRate: options.learningRate ?? suited.learningRate,
    learningRateDecay: options.learningRateDecay ?? suited.learningRateDecay,
    beta1: suited.beta1,
    discriminatorSteps: options.discriminatorSteps,
    sampleEvery: options.sampleEvery ?? Math.max(1, Math.floor(steps / picturesPerRun)),
    seed: options.seed,
  };
}

/** The text of config.json. */
export function formatConfiguration(
  configuration: RunConfiguration,
  environment: Readonly<Record<string, Json>>,
): string {
  return `${JSON.stringify({ ...configuration, environment }, undefined, 2)}\n`;
}
