// Closed forms in float64 of every penalty, for the contract test.
import type { Penalty, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import {
  balancedConsistency,
  consistency,
  dragan,
  featureMatching,
  gradientPenalty,
  historicalAveraging,
  latentConsistency,
  lecam,
  maximumGradientPenalty,
  modeSeeking,
  pathLength,
  pullingAway,
  r1,
  r2,
  wassersteinDivergence,
  zeroCenteredGradientPenalty,
} from '../index.ts';
import type { discriminator64, GameShape, generator64, Parameters, Rows } from './float64-game.fixture.ts';

/** The game in float64. `start` is the same game at the unperturbed parameters: what counts as constant comes from there. */
export interface Game64 {
  readonly shape: GameShape;
  readonly real: Rows;
  readonly latent: Rows;
  readonly fake: Rows;
  readonly discriminator: ReturnType<typeof discriminator64>;
  readonly generator: ReturnType<typeof generator64>;
  /** The parameters of the player that is being updated. */
  readonly parameters: Parameters;
  readonly start: Game64;
  /** The same stream that the penalty draws from. */
  random(): RandomStream;
}

/** One row of the contract's table. */
export interface PenaltyReference {
  readonly title: string;
  make(): Penalty;
  value(game: Game64): number;
}

const flat = (rows: Rows) => rows.flat();
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const squaredNorms = (rows: Rows) => rows.map((row) => sum(row.map((value) => value * value)));
const lengths = (rows: Rows) => squaredNorms(rows).map((square) => Math.sqrt(square + 1e-10));
const meanSquaredDifference = (a: Rows, b: Rows) => {
  const others = flat(b);
  return mean(flat(a).map((value, index) => (value - others[index]!) ** 2));
};
const columnMeans = (rows: Rows) => rows[0]!.map((_, column) => mean(rows.map((row) => row[column]!)));

/** The numbers that `random.uniformTensor` or `normalTensor` gives, read back. */
const drawn = (tensor: tf.Tensor) => {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
};

function between({ real, start, random }: Game64): Rows {
  const u = drawn(random().uniformTensor([real.length, 1]));
  return real.map((x, sample) => x.map((value, index) => value + u[sample]! * (start.fake[sample]![index]! - value)));
}

const penaltyOfLengths = (target: number, oneSided: boolean) => (game: Game64) =>
  mean(
    lengths(game.discriminator.inputGradient(between(game))).map((length) => {
      const excess = length / target - 1;
      return (oneSided ? Math.max(excess, 0) : excess) ** 2;
    }),
  );

/** A change without randomness, and the same in float64. */
const augment = (samples: tf.Tensor) => tf.tidy(() => tf.add(tf.mul(samples, 0.75), 0.25));
const augment64 = (rows: Rows) => rows.map((row) => row.map((value) => value * 0.75 + 0.25));

const nudge = ({ latent, random }: Game64, deviation: number): Rows => {
  const noise = drawn(random().normalTensor([latent.length, latent[0]!.length], 0, deviation));
  return latent.map((z, sample) => z.map((value, index) => value + noise[sample * z.length + index]!));
};

export const penaltyReferences: readonly PenaltyReference[] = [
  { title: 'gradient-penalty', make: () => gradientPenalty(), value: penaltyOfLengths(1, false) },
  {
    title: 'gradient-penalty, target 3, one-sided',
    make: () => gradientPenalty({ target: 3, oneSided: true }),
    value: penaltyOfLengths(3, true),
  },
  {
    title: 'dragan',
    make: () => dragan(),
    value: ({ real, discriminator, random }) => {
      const all = flat(real);
      const deviation = Math.sqrt(mean(all.map((value) => (value - mean(all)) ** 2)));
      const u = drawn(random().uniformTensor([all.length]));
      const near = real.map((x, sample) =>
        x.map((value, index) => value + 0.5 * deviation * u[sample * x.length + index]!),
      );
      return mean(lengths(discriminator.inputGradient(near)).map((length) => (length - 1) ** 2));
    },
  },
  {
    title: 'r1',
    make: () => r1(),
    value: ({ discriminator, real }) => mean(squaredNorms(discriminator.inputGradient(real))),
  },
  {
    title: 'r2',
    make: () => r2(),
    value: ({ discriminator, start }) => mean(squaredNorms(discriminator.inputGradient(start.fake))),
  },
  {
    title: 'maximum-gradient-penalty',
    make: () => maximumGradientPenalty(),
    value: (game) => Math.max(...squaredNorms(game.discriminator.inputGradient(between(game)))),
  },
  {
    title: 'zero-centered-gradient-penalty',
    make: () => zeroCenteredGradientPenalty(),
    value: (game) => mean(squaredNorms(game.discriminator.inputGradient(between(game)))),
  },
  {
    title: 'wasserstein-divergence',
    make: () => wassersteinDivergence(),
    value: ({ discriminator, real, start }) =>
      mean(squaredNorms(discriminator.inputGradient(real)).map((square) => square ** 3)) +
      mean(squaredNorms(discriminator.inputGradient(start.fake)).map((square) => square ** 3)),
  },
  {
    title: 'lecam',
    make: () => lecam(),
    value: ({ discriminator, real, start }) => {
      const averageReal = mean(flat(start.discriminator.logits(real)));
      const averageFake = mean(flat(start.discriminator.logits(start.fake)));
      return (
        mean(flat(discriminator.logits(real)).map((r) => Math.max(r - averageFake, 0) ** 2)) +
        mean(flat(discriminator.logits(start.fake)).map((f) => Math.max(averageReal - f, 0) ** 2))
      );
    },
  },
  {
    title: 'consistency',
    make: () => consistency({ augment }),
    value: ({ discriminator, real }) =>
      meanSquaredDifference(discriminator.logits(real), discriminator.logits(augment64(real))),
  },
  {
    title: 'balanced-consistency',
    make: () => balancedConsistency({ augment }),
    value: ({ discriminator, real, start }) =>
      meanSquaredDifference(discriminator.logits(real), discriminator.logits(augment64(real))) +
      meanSquaredDifference(discriminator.logits(start.fake), discriminator.logits(augment64(start.fake))),
  },
  {
    title: 'latent-consistency of the discriminator',
    make: () => latentConsistency({ standardDeviation: 0.5 }),
    value: (game) => {
      const other = game.start.generator.generate(nudge(game, 0.5));
      return meanSquaredDifference(game.discriminator.logits(game.start.fake), game.discriminator.logits(other));
    },
  },
  {
    title: 'latent-consistency of the generator',
    make: () => latentConsistency({ player: 'generator', standardDeviation: 0.5 }),
    value: (game) => -meanSquaredDifference(game.fake, game.generator.generate(nudge(game, 0.5))),
  },
  {
    title: 'feature-matching',
    make: () => featureMatching(),
    value: ({ discriminator, real, fake }) => {
      const wanted = columnMeans(discriminator.features(real));
      return sum(columnMeans(discriminator.features(fake)).map((value, index) => (value - wanted[index]!) ** 2));
    },
  },
  {
    title: 'feature-matching, l1',
    make: () => featureMatching({ norm: 'l1', layers: 'all' }),
    value: ({ discriminator, real, fake }) => {
      const wanted = columnMeans(discriminator.features(real));
      return sum(columnMeans(discriminator.features(fake)).map((value, index) => Math.abs(value - wanted[index]!)));
    },
  },
  ...(['discriminator', 'generator'] as const).map((player) => ({
    title: `historical-averaging of the ${player}`,
    make: () => historicalAveraging({ player }),
    value: ({ parameters, start }: Game64) =>
      sum(
        Object.entries(parameters).flatMap(([name, values]) =>
          Array.from(values, (value, index) => (value - start.parameters[name]![index]!) ** 2),
        ),
      ),
  })),
  {
    title: 'pulling-away',
    make: () => pullingAway(),
    value: ({ discriminator, fake }) => {
      const rows = discriminator.features(fake);
      const pairs = rows.flatMap((a, i) => rows.filter((_, j) => j !== i).map((b) => [a, b] as const));
      const squares = pairs.map(([a, b]) => {
        const product = sum(a.map((value, index) => value * b[index]!));
        return product ** 2 / (squaredNorms([a])[0]! * squaredNorms([b])[0]!);
      });
      return squares.length === 0 ? 0 : mean(squares);
    },
  },
  {
    title: 'mode-seeking',
    make: () => modeSeeking(),
    value: ({ latent, fake }) => {
      if (latent.length < 2) return 0;
      const moved = (rows: Rows) => [...rows.slice(1), rows[0]!];
      const distance = (rows: Rows) => {
        const others = flat(moved(rows));
        return mean(flat(rows).map((value, index) => Math.abs(value - others[index]!)));
      };
      return 1 / (distance(fake) / distance(latent) + 1e-5);
    },
  },
  {
    title: 'path-length',
    make: () => pathLength(),
    value: ({ latent, generator, shape, start, random }) => {
      const pixels = shape.sampleShape.slice(0, -1).reduce((product, extent) => product * extent, 1);
      const width = shape.sampleShape.reduce((product, extent) => product * extent, 1);
      const y = drawn(random().normalTensor([latent.length * width], 0, 1 / Math.sqrt(pixels)));
      const rows = latent.map((_, sample) => y.slice(sample * width, (sample + 1) * width));
      const average = 0.01 * mean(lengths(start.generator.transposedJacobian(latent, rows)));
      return mean(lengths(generator.transposedJacobian(latent, rows)).map((length) => (length - average) ** 2));
    },
  },
];
