// The games of the two tables in docs/game.md: every schedule, and every kind of negatives.
import type { UpdateSchedule } from '@gankit/core';
import {
  adaptiveSchedule,
  alternatingEpochs,
  annealedNoise,
  currentGenerator,
  fixedSchedule,
  freezeDiscriminator,
  mixedNegatives,
  pureNoise,
  replayBuffer,
  simultaneousSchedule,
  warmUp,
  withInstanceNoise,
} from '@gankit/trainer';
import { common, type Variant } from './game-experiment.ts';

/** Updates in one "epoch" of the ring, which has no end of its own. */
const updatesPerEpoch = 50;
const epochs = (inARow: number): UpdateSchedule =>
  alternatingEpochs({
    samplesPerEpoch: updatesPerEpoch * common.batchSize,
    discriminatorEpochs: inARow,
    generatorEpochs: inARow,
  });
/** The share of the game that a warm-up takes, and after which the discriminator is frozen. */
const warmUpShare = 0.1;
const freezeShare = 0.25;
/** Largest share of the real sample in an annealed negative: at 1 nothing would be left to tell apart. */
const largestRealShare = 0.95;

const rising = (steps: number) => (step: number) => largestRealShare * Math.min(1, step / steps);

/** The game that every other one is compared with; it stands in both tables. */
export const plainGame = 'k = 1';

export const schedules: readonly Variant[] = [
  { name: plainGame },
  ...[2, 3, 4, 5].map((k): Variant => {
    return { name: `k = ${k}`, schedule: () => fixedSchedule({ discriminatorUpdates: k }) };
  }),
  {
    name: 'k = 5, as many generator updates as k = 1',
    schedule: () => fixedSchedule({ discriminatorUpdates: 5 }),
    times: 3,
  },
  ...[2, 5].map((count): Variant => {
    return {
      name: `${count} generator updates per discriminator update`,
      schedule: () => fixedSchedule({ generatorUpdates: count }),
    };
  }),
  { name: 'adaptive k, accuracy 75 %', schedule: () => adaptiveSchedule() },
  { name: `alternating epochs of ${updatesPerEpoch} updates`, schedule: () => epochs(1) },
  { name: `4 epochs of ${updatesPerEpoch} updates in a row each`, schedule: () => epochs(4) },
  { name: 'simultaneous', schedule: () => simultaneousSchedule() },
  {
    name: 'warm-up of D, 10 % of the steps',
    schedule: (steps) => warmUp(fixedSchedule(), { player: 'discriminator', steps: Math.round(warmUpShare * steps) }),
  },
  {
    name: 'warm-up of G, 10 % of the steps',
    schedule: (steps) => warmUp(fixedSchedule(), { player: 'generator', steps: Math.round(warmUpShare * steps) }),
  },
  { name: 'TTUR, G four times slower', rates: { generator: 0.25 } },
  { name: 'TTUR, D four times slower', rates: { discriminator: 0.25 } },
];

const mixture = () =>
  mixedNegatives([
    { negatives: currentGenerator, share: 0.5 },
    { negatives: replayBuffer(), share: 0.25 },
    { negatives: pureNoise(), share: 0.25 },
  ]);

export const negatives: readonly Variant[] = [
  { name: 'replay buffer of 512, half of them past', negatives: () => replayBuffer() },
  { name: 'annealed noise, nothing of G', negatives: (steps) => annealedNoise({ realShare: rising(steps) }) },
  {
    name: 'annealed noise, half of each sample G',
    negatives: (steps) => annealedNoise({ realShare: rising(steps), generatorShare: 0.5 }),
  },
  { name: 'pure noise', negatives: () => pureNoise() },
  { name: 'D frozen from the start', schedule: () => freezeDiscriminator(fixedSchedule(), { after: 0 }) },
  {
    name: 'D frozen after 25 % of the steps',
    schedule: (steps) => freezeDiscriminator(fixedSchedule(), { after: Math.round(freezeShare * steps) }),
  },
  { name: 'mixture: half G, a quarter past, a quarter noise', negatives: mixture },
  {
    name: 'instance noise 0.1, gone at half time',
    wrap: (discriminator, random, steps) =>
      withInstanceNoise(discriminator, {
        random,
        standardDeviation: (step) => 0.1 * Math.max(0, 1 - step / (steps / 2)),
      }),
  },
];
