// One game on the ring of eight Gaussians, measured while it is played: what the tables and curves of docs/game.md are made of.
import { performance } from 'node:perf_hooks';
import type {
  AdversarialLoss,
  Discriminator,
  EventHandler,
  FindingKind,
  Generator,
  LatentDistribution,
  Negatives,
  RandomStream as Random,
  UpdateSchedule,
} from '@gankit/core';
import { drawLatent, RandomStream } from '@gankit/core';
import { type PointDistribution, ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { nonSaturating } from '@gankit/losses';
import { modeCoverage } from '@gankit/metrics';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { convergenceMonitor, fixedSchedule, Trainer } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

/** What all games have in common. */
export const common = {
  /** Updates of both players together, so that every game costs about the same. */
  updates: 4000,
  batchSize: 128,
  latentSize: 2,
  hidden: [128, 128],
  learningRate: 1e-3,
  /** The learning rates go to 0 along a straight line from this share of the updates on. */
  decayFrom: 0.5,
  beta1: 0.5,
  beta2: 0.99,
  /** Samples that are judged, as in the tables of VEEGAN and PacGAN. */
  judgedSamples: 2500,
  /** How often a game is judged: the last time at its end. */
  probes: 20,
} as const;

/** What makes a game its own; everything is as in `common`, and plain, unless it is said here. */
export interface Variant {
  readonly name: string;
  /** Steps are of a game with one update of each player in a step. */
  readonly schedule?: (steps: number) => UpdateSchedule;
  readonly negatives?: (steps: number) => Negatives;
  readonly loss?: () => AdversarialLoss;
  readonly latentDistribution?: LatentDistribution;
  readonly verdict?: 'logit' | 'two-class';
  /** What is put around the discriminator. */
  readonly wrap?: (discriminator: Discriminator, random: Random, steps: number) => Discriminator;
  /** Factors of the learning rates. */
  readonly rates?: { readonly generator?: number; readonly discriminator?: number };
  /** How many times the updates of the others. */
  readonly times?: number;
  /** As `common.decayFrom`; 1 for none. */
  readonly decayFrom?: number;
  readonly watchEvery?: number;
  /** Of each mode of the ring; 0.01 when absent. */
  readonly standardDeviation?: number;
}

/** The state of the game at one moment, judged on fresh samples. */
export interface Probe {
  readonly step: number;
  readonly updates: number;
  readonly modesFound: number;
  readonly highQualityShare: number;
  readonly reverseKl: number;
  /**
   * Total variation distance between where samples land (each mode, or none of them) and where real ones do, 0 to 1: one number
   * for modes missed, modes out of proportion and samples off the modes.
   */
  readonly distance: number;
  /** The discriminator's accuracy on real samples and on what the generator makes now, whatever its negatives are. */
  readonly accuracyOnReal: number;
  readonly accuracyOnFakes: number;
}

export interface Outcome {
  readonly probes: readonly Probe[];
  readonly steps: number;
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /** [update of both players together, norm of the generator's gradient], where it was watched. */
  readonly gradientNorms: readonly (readonly [number, number])[];
  readonly findings: readonly { readonly step: number; readonly finding: FindingKind }[];
  /** Of the training alone: processor time, which others on the machine disturb less than the clock. */
  readonly millisecondsPerStep: number;
  readonly seconds: number;
}

/** The game's parts, for a callback of one's own. */
export interface Playing {
  readonly trainer: Trainer;
  readonly generator: Generator;
  /** Judges the players as they are now, on fresh samples. */
  judge(): Promise<Probe>;
}

/** What else is done while the parts of the game are alive. */
export interface Watching {
  readonly callback?: (playing: Playing) => EventHandler;
  /** After the game. */
  readonly onEnd?: (playing: Playing) => Promise<void>;
}

/** Shares of samples at each mode and at none. */
function landing(
  samples: Float32Array,
  source: PointDistribution,
): { shares: number[]; coverage: ReturnType<typeof modeCoverage> } {
  const { modes = [], standardDeviation = 1, scale } = source;
  const coverage = modeCoverage(samples, { modes, standardDeviation, scale });
  const shares = coverage.highQualityCounts.map((count) => count / coverage.samples);
  return { shares: [...shares, 1 - coverage.highQualityShare], coverage };
}

/** The chance that a real sample lies within 3 standard deviations of its mode: 1 - e^(-9/2) in the plane. */
const realHighQuality = 1 - Math.exp(-4.5);

async function probeOf(
  generator: Generator,
  discriminator: Discriminator,
  source: PointDistribution,
  random: Random,
  at: { readonly step: number; readonly updates: number },
): Promise<Probe> {
  const [samples, rightOnReal, rightOnFake] = tf.tidy(() => {
    const fake = generator.generate(drawLatent(generator, common.judgedSamples, random), { training: false });
    const real = tf.tensor2d(source.draw(common.judgedSamples, random), [common.judgedSamples, 2]);
    const logit = (points: tf.Tensor) => {
      const { logits } = discriminator.discriminate(points, { training: false, step: at.step });
      return logits.shape[1] === 2 ? tf.sub(...(tf.split(logits, 2, 1) as [tf.Tensor, tf.Tensor])) : logits;
    };
    return [fake, tf.mean(tf.greater(logit(real), 0)), tf.mean(tf.lessEqual(logit(fake), 0))] as const;
  }) as unknown as readonly [tf.Tensor, tf.Scalar, tf.Scalar];
  const [points, [accuracyOnReal = 0], [accuracyOnFakes = 0]] = await Promise.all([
    samples.data() as Promise<Float32Array>,
    rightOnReal.data(),
    rightOnFake.data(),
  ]);
  tf.dispose([samples, rightOnReal, rightOnFake]);
  const { shares, coverage } = landing(points, source);
  const modes = shares.length - 1;
  const distance =
    shares.reduce((sum, share, index) => {
      return sum + Math.abs(share - (index < modes ? realHighQuality / modes : 1 - realHighQuality));
    }, 0) / 2;
  const { modesFound, highQualityShare, reverseKl } = coverage;
  return { ...at, modesFound, highQualityShare, reverseKl, distance, accuracyOnReal, accuracyOnFakes };
}

/**
 * Plays one game until its updates are used up.
 * @throws GanKitError `numerical` when training diverges.
 */
export async function playGame(variant: Variant, seed: number, watching: Watching = {}): Promise<Outcome> {
  const { rates = {}, times = 1, decayFrom = common.decayFrom, watchEvery = 10 } = variant;
  const updates = Math.round(common.updates * times);
  const steps = updates / 2;
  const random = new RandomStream(seed);
  const { standardDeviation } = variant;
  const source = ringOfGaussians(standardDeviation === undefined ? {} : { standardDeviation });
  const { hidden, latentSize, learningRate, beta1, beta2 } = common;
  const generator = mlpGenerator({
    outputShape: [2],
    latentSize,
    hidden,
    random: random.fork('generator'),
    ...(variant.latentDistribution ? { latentDistribution: variant.latentDistribution } : {}),
  });
  const plain = mlpDiscriminator({
    inputShape: [2],
    hidden,
    random: random.fork('discriminator'),
    ...(variant.verdict ? { verdict: variant.verdict } : {}),
  });
  const discriminator = variant.wrap?.(plain, random.fork('wrap'), steps) ?? plain;
  const made = { discriminator: 0, generator: 0 };
  const total = () => made.discriminator + made.generator;
  // By the game's clock and not by each player's own, so that schedules which share the updates differently stay comparable.
  const rate = (factor: number) => () =>
    factor * learningRate * Math.min(1, Math.max(0, 1 - total() / updates) / Math.max(1 - decayFrom, 1e-9));
  const generatorOptimizer = adam({ learningRate: rate(rates.generator ?? 1), beta1, beta2 });
  const discriminatorOptimizer = adam({ learningRate: rate(rates.discriminator ?? 1), beta1, beta2 });
  const negatives = variant.negatives?.(steps);
  const loss = variant.loss?.() ?? nonSaturating();
  const trainer = new Trainer({
    generator,
    discriminator,
    loss,
    generatorOptimizer,
    discriminatorOptimizer,
    schedule: variant.schedule?.(steps) ?? fixedSchedule(),
    ...(negatives ? { negatives } : {}),
    observers: [convergenceMonitor()],
    random: random.fork('training'),
    watchEvery,
  });
  const judging = random.fork('judging');
  const judge = () => probeOf(generator, discriminator, source, judging, { step: trainer.step, updates: total() });

  const playing: Playing = { trainer, generator, judge };
  const callbacks = watching.callback === undefined ? [] : [watching.callback(playing)];
  const probes: Probe[] = [];
  const gradientNorms: [number, number][] = [];
  const findings: { step: number; finding: FindingKind }[] = [];
  const spent = { cpu: 0, seconds: 0 };
  let clock = { cpu: process.cpuUsage(), wall: performance.now() };
  const pause = () => {
    const { user, system } = process.cpuUsage(clock.cpu);
    spent.cpu += (user + system) / 1000;
    spent.seconds += (performance.now() - clock.wall) / 1000;
  };
  const goOn = () => {
    clock = { cpu: process.cpuUsage(), wall: performance.now() };
  };
  try {
    const data = source.batches({ batchSize: common.batchSize, random: random.fork('data') });
    for await (const event of trainer.run(data, { callbacks })) {
      if (event.type === 'finding') findings.push({ step: event.step, finding: event.finding });
      if (event.type !== 'step') continue;
      made.discriminator += event.discriminatorUpdates;
      made.generator += event.generatorUpdates;
      const { gradientNorm } = event.generator ?? {};
      if (gradientNorm !== undefined) gradientNorms.push([total(), gradientNorm]);
      if (total() >= (updates * (probes.length + 1)) / common.probes) {
        pause();
        probes.push(await judge());
        goOn();
      }
      if (total() >= updates) trainer.stop();
    }
    pause();
    // A step of many updates can pass the last mark together with the one before.
    if (probes.at(-1)?.step !== trainer.step) probes.push(await judge());
    await watching.onEnd?.(playing);
    return {
      probes,
      steps: trainer.step,
      discriminatorUpdates: made.discriminator,
      generatorUpdates: made.generator,
      gradientNorms,
      findings,
      millisecondsPerStep: spent.cpu / trainer.step,
      seconds: spent.seconds,
    };
  } finally {
    for (const part of [generator, discriminator, generatorOptimizer, discriminatorOptimizer]) part.dispose();
    negatives?.dispose?.();
    loss.dispose?.();
  }
}
