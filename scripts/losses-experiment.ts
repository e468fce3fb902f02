// One training run on a ring or a grid of Gaussians, measured: what the loss table and the search for settings are made of.
import { performance } from 'node:perf_hooks';
import {
  type AdversarialLoss,
  type Discriminator,
  type Generator,
  type NamedVariable,
  RandomStream,
} from '@gankit/core';
import { gridOfGaussians, ringOfGaussians } from '@gankit/data';
import { adam, linearRate } from '@gankit/engine';
import { clipWeights } from '@gankit/losses';
import { createLoss, createPenalty, type OptionValues } from '@gankit/losses/registry';
import { type ModeCoverage, modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { drawLatent, fixedSchedule, Trainer } from '@gankit/trainer';
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

/** An autoencoder whose verdict is its mean squared reconstruction error: what EBGAN and BEGAN need. */
function autoencoder(widths: readonly number[], random: RandomStream): Discriminator {
  const sizes = [2, ...widths, 2];
  const variables: NamedVariable[] = sizes.slice(1).flatMap((size, layer) => {
    const inputs = sizes[layer]!;
    const kernel = random.normalTensor([inputs, size], 0, Math.sqrt(2 / inputs));
    const bias = tf.zeros([size]);
    const named = [
      { name: `kernel-${layer}`, variable: tf.variable(kernel), trainable: true },
      { name: `bias-${layer}`, variable: tf.variable(bias), trainable: true },
    ];
    tf.dispose([kernel, bias]);
    return named;
  });
  const code = Math.floor(widths.length / 2);
  return {
    name: 'mlp-autoencoder',
    inputShape: [2],
    heads: ['features'],
    verdict: 'energy',
    variables,
    discriminate(samples) {
      let x = samples;
      const features: tf.Tensor[] = [];
      for (let layer = 0; layer < sizes.length - 1; layer++) {
        x = tf.add(
          tf.matMul(x as tf.Tensor2D, variables[2 * layer]!.variable as tf.Tensor2D),
          variables[2 * layer + 1]!.variable,
        );
        if (layer < sizes.length - 2) x = tf.leakyRelu(x, 0.2);
        if (layer === code) features.push(x);
      }
      return { logits: tf.mean(tf.square(tf.sub(x, samples)), 1), features };
    },
    dispose() {
      tf.dispose(variables.map(({ variable }) => variable));
    },
  };
}

function discriminatorFor(loss: AdversarialLoss, setting: Setting, random: RandomStream): Discriminator {
  if (loss.logits === 'energy') {
    const [first = 128, ...rest] = setting.discriminatorHidden;
    return autoencoder([first, ...rest, first], random);
  }
  const discriminator = mlpDiscriminator({
    inputShape: [2],
    hidden: setting.discriminatorHidden,
    random,
    logits: loss.logits === 'two-class' ? 2 : 1,
  });
  return loss.logits === 'two-class' ? { ...discriminator, verdict: 'two-class' } : discriminator;
}

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
  const discriminator = discriminatorFor(loss, setting, random.fork('discriminator'));
  const { discriminatorUpdates = 1, learningRate, steps, decayFrom, beta1, beta2 } = setting;
  const optimizer = (updatesPerStep: number) =>
    adam({
      learningRate: linearRate({
        from: learningRate,
        to: 0,
        hold: Math.round(decayFrom * steps) * updatesPerStep,
        iterations: Math.round((1 - decayFrom) * steps) * updatesPerStep,
      }),
      beta1,
      beta2,
    });
  const generatorOptimizer = optimizer(1);
  const discriminatorOptimizer = optimizer(discriminatorUpdates);
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    penalties,
    constraints: setting.clip === undefined ? [] : [clipWeights({ limit: setting.clip })],
    schedule: fixedSchedule({ discriminatorUpdates }),
    generatorOptimizer,
    discriminatorOptimizer,
    random: random.fork('training'),
    readEvery: 100,
  });
  const data = source.batches({ batchSize: setting.batchSize, random: random.fork('data') });
  try {
    const start = performance.now();
    for await (const event of trainer.run(data, { steps })) if (event.type === 'end') break;
    const seconds = (performance.now() - start) / 1000;
    const samples = await drawSamples(generator, random.fork('samples'));
    const { modes = [], standardDeviation = 1, scale } = source;
    return { ...modeCoverage(samples, { modes, standardDeviation, scale }), seconds };
  } finally {
    for (const part of [generator, discriminator, generatorOptimizer, discriminatorOptimizer]) part.dispose();
    for (const part of [loss, ...penalties]) part.dispose?.();
  }
}
