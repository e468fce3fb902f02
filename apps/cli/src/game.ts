// The parts that a configuration names, put together into a trainer.

import { buildConditionalGenerator, buildConditionalOpponent, dataLabels } from '@gankit/conditional';
import type { DataSource, RandomStream } from '@gankit/core';
import { adam, clipByGlobalNorm } from '@gankit/engine';
import { clipWeights } from '@gankit/losses';
import { buildDiscriminator } from '@gankit/models';
import {
  convergenceMonitor,
  generatorAverage,
  type Recovery,
  Trainer,
  type TrainerOptions,
  withInstanceNoise,
} from '@gankit/trainer';
import type { RunConfiguration } from './configuration.ts';
import { augmentations, negatives, partNamed, schedules } from './named-parts.ts';
import { lossNamed, penaltyNamed } from './parts.ts';

/** Samples that stand for an epoch where data are drawn without end. */
const samplesPerEndlessEpoch = 10_000;
/** How soon after the start the average of the generator's weights remembers its full half-life (StyleGAN2). */
const averageRampUp = 0.05;

/** What a game is played with, each from a stream of its own. */
export interface GameStreams {
  readonly generator: RandomStream;
  readonly discriminator: RandomStream;
  readonly loss: RandomStream;
  readonly training: RandomStream;
}

/** A rate that is kept for a share of the run, then falls to 0 in a straight line; by the training step. */
function decayingRate(rate: number, { steps, learningRateDecay }: RunConfiguration) {
  const hold = Math.round(learningRateDecay * steps);
  if (hold >= steps) return rate;
  return (step: number) => rate * Math.min(1, Math.max(0, (steps - step) / (steps - hold)));
}

/** @returns The trainer, and the generator that is shown and saved: the average where there is one. */
export function buildGame(
  configuration: RunConfiguration,
  source: DataSource,
  random: GameStreams,
  recovery: Recovery,
): { readonly trainer: Trainer; readonly shown: TrainerOptions['generator'] } {
  const { model, beta1, steps, learningRate, instanceNoise, augment, average: halfLife } = configuration;
  const context = { steps, samplesPerEpoch: source.size ?? samplesPerEndlessEpoch, random: random.training };
  const loss = lossNamed(configuration.loss, random.loss);
  const generator = buildConditionalGenerator(model, random.generator);
  const opponent =
    configuration.conditional === undefined
      ? { discriminator: buildDiscriminator(model, random.discriminator, loss.verdict), penalties: [] }
      : buildConditionalOpponent(configuration.conditional, model, random.discriminator, loss.verdict);
  let { discriminator } = opponent;
  if (instanceNoise !== undefined) {
    discriminator = withInstanceNoise(discriminator, {
      standardDeviation: (step) => instanceNoise * Math.max(0, 1 - step / steps),
      random: random.training,
    });
  }
  const augmented =
    augment === undefined
      ? { discriminator, observers: [] }
      : partNamed('augmentation', augmentations, augment, context)(discriminator);
  const average = halfLife === undefined ? undefined : generatorAverage(generator, { halfLife, rampUp: averageRampUp });

  const optimizer = (rate: number) => {
    const inner = adam({ learningRate: decayingRate(rate, configuration), beta1 });
    return configuration.clipGradients === undefined ? inner : clipByGlobalNorm(inner, configuration.clipGradients);
  };
  const trainer = new Trainer({
    generator,
    discriminator: augmented.discriminator,
    loss,
    penalties: [...configuration.penalties.map(penaltyNamed), ...opponent.penalties],
    constraints: configuration.clipWeights === undefined ? [] : [clipWeights({ limit: configuration.clipWeights })],
    generatorOptimizer: optimizer(learningRate),
    discriminatorOptimizer: optimizer(configuration.discriminatorLearningRate ?? learningRate),
    schedule: partNamed('schedule', schedules, configuration.schedule, context),
    negatives: partNamed('kind of negatives', negatives, configuration.negatives, context),
    observers: [...augmented.observers, convergenceMonitor()],
    random: random.training,
    conditioning: configuration.conditional === undefined ? undefined : dataLabels({ classes: model.classes }),
    average,
    recovery: configuration.onDivergence === 'stop' ? undefined : recovery,
  });
  return { trainer, shown: average?.generator ?? generator };
}
