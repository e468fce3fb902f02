// One training run on a ring or a grid of Gaussians, measured: what the loss table and the search for settings are made of.
import { performance } from 'node:perf_hooks';
import { drawLatent, type Generator, RandomStream } from '@gankit/core';
import { gridOfGaussians, ringOfGaussians } from '@gankit/data';
import { adam, linearRate } from '@gankit/engine';
import { clipWeights } from '@gankit/losses';
import { createLoss, createPenalty, type OptionValues } from '@gankit/losses/registry';
import { type ModeCoverage, modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { fixedSchedule, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

/** Samples that each run is judged by, as in the tables of VEEGAN and PacGAN. */
const judgedSamples = 2500;

export interface Part {
  readonly name: string;
  readonly options?: OptionValues;
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

export interface Outcome extends ModeCoverage {
  readonly seconds: number;
}

/** One number between encoder and decoder, so that an autoencoder of points cannot learn the identity. */
const codeSize = 1;

/** 2,500 samples of the generator, in [-1, 1] of the data source. */
export async function drawSamples(generator: Generator, random: RandomStream): Promise<Float32Array> {
  const samples = tf.tidy(() => generator.generate(drawLatent(generator, judgedSamples, random), { training: false }));
  const values = (await samples.data()) as Float32Array;
  samples.dispose();
  return values;
}

/**
 * Trains once and measures the generator at the end.
 * @throws GanKitError `numerical` when training diverges.
 */
export async function runSetting(setting: Setting, seed: number): Promise<Outcome> {
  const random = new RandomStream(seed);
  const source = setting.data === 'ring' ? ringOfGaussians() : gridOfGaussians();
  const loss = createLoss(setting.loss.name, setting.loss.options, { random: random.fork('loss') });
  const penalties = (setting.penalties ?? []).map(({ name, options }) => createPenalty(name, options));
  const generator = mlpGenerator({
    outputShape: [2],
    latentSize: setting.latentSize,
    hidden: setting.generatorHidden,
    random: random.fork('generator'),
  });
  const discriminator = mlpDiscriminator({
    inputShape: [2],
    hidden: setting.discriminatorHidden,
    random: random.fork('discriminator'),
    verdict: loss.verdict,
    codeSize: loss.verdict === 'energy' ? codeSize : undefined,
  });
  const { discriminatorUpdates = 1, learningRate, steps, decayFrom, beta1, beta2 } = setting;
  const optimizer = () =>
    adam({
      learningRate: linearRate({
        from: learningRate,
        to: 0,
        hold: Math.round(decayFrom * steps),
        iterations: Math.round((1 - decayFrom) * steps),
      }),
      beta1,
      beta2,
    });
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    penalties,
    constraints: setting.clip === undefined ? [] : [clipWeights({ limit: setting.clip })],
    schedule: fixedSchedule({ discriminatorUpdates }),
    optimizer,
    random: random.fork('training'),
    readEvery: 100,
  });
  const data = source.batches({ batchSize: setting.batchSize, random: random.fork('data') });
  try {
    const start = performance.now();
    await trainer.train(data, { steps });
    const seconds = (performance.now() - start) / 1000;
    const samples = await drawSamples(generator, random.fork('samples'));
    const { modes = [], standardDeviation = 1, scale } = source;
    return { ...modeCoverage(samples, { modes, standardDeviation, scale }), seconds };
  } finally {
    trainer.disposeParts();
  }
}
