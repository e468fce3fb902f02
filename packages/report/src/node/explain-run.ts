// What one number tells each pixel: the gradient of the generator's loss, followed back through the discriminator, as a picture and in words.
import { toldPlayers } from '@gankit/conditional/registry';
import {
  type Batch,
  type Condition,
  checkInteger,
  checkOptions,
  conditionTensors,
  type DataSource,
  disposeBatch,
  drawLatent,
  type ForwardOptions,
  GanKitError,
  RandomStream,
} from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import {
  enlarged,
  generatedColour,
  heatMap,
  imageGrid,
  type Picture,
  realColour,
  scatterPlot,
  stackPictures,
} from '@gankit/pictures';
import type { Run } from '@gankit/recipes';
import { type OpenGame, openGame } from '@gankit/recipes/node';
import { gradientAttribution } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';
import { type ExplainedNumbers, explanationWords } from '../explanation-words.ts';

export interface ExplainOptions {
  /** Generated samples that are looked at; 8 images or 120 points by default. */
  readonly count?: number | undefined;
  /** The seed of the latents; 1 by default. */
  readonly seed?: number | undefined;
}

/** What the loss says to some samples. */
export interface Explanation extends ExplainedNumbers {
  /**
   * For images three rows: the samples, what each pixel is told (red: brighter, blue: darker), and the samples after they followed it. For
   * points of the plane: real ones, generated ones and where each is sent. Absent for other samples.
   */
  readonly picture?: Picture | undefined;
  /** The same in words, a sentence each. */
  readonly sentences: readonly string[];
}

/** As far as a number of a sample may go when it follows its gradient: a tenth of the range from -1 to 1. */
const reach = 0.2;
/** Small images are enlarged to about so many pixels for all of them. */
const widestPicture = 1000;
/** Offsets that make a point a disc, as shares of the picture's half. */
const disc = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [0.007 * x, 0.007 * y] as const));
/** Places along the way of a point: they are drawn as a line. */
const placesOnTheWay = 40;
/** The length of the longest way in a picture of points. */
const longestWay = 0.2;

async function firstBatch(source: DataSource, count: number, random: RandomStream): Promise<Batch> {
  const batches = source.batches({ batchSize: Math.min(count, source.size ?? count), random });
  const { value: batch } = await batches.next();
  await batches.return?.();
  if (batch === undefined) throw new GanKitError('invalid-data', `The data '${source.name}' gave no batch.`);
  return batch;
}

/** What the game tells of real and of generated samples, with this batch. */
function toldOf(run: Run, batch: Batch, random: RandomStream): { readonly real: Condition; readonly fake: Condition } {
  const told = toldPlayers(run.specification).map(({ conditioning }) =>
    conditioning.condition(batch, random.fork(conditioning.name)),
  );
  return {
    real: Object.assign({}, ...told.map(({ real }) => real ?? {})),
    fake: Object.assign({}, ...told.map(({ real, fake = real }) => fake ?? {})),
  };
}

/** What one number of a sample is called. */
function placeOf({ kind, shape }: DataSource): string {
  if (kind === 'images') return shape[2] === 1 ? 'pixel' : 'colour value';
  return kind === 'points' ? 'coordinate' : 'number';
}

/** The share of numbers, greatest first, whose squares make half of all. */
function shareOfHalf(gradient: Float32Array, count: number): number {
  const size = gradient.length / count;
  let sum = 0;
  for (let sample = 0; sample < count; sample++) {
    const squares = gradient.subarray(sample * size, (sample + 1) * size).map((value) => value * value);
    const total = squares.reduce((whole, square) => whole + square, 0);
    let [taken, numbers] = [0, 0];
    for (const square of squares.sort().reverse()) {
      if (taken >= total / 2) break;
      taken += square;
      numbers++;
    }
    sum += total === 0 ? 1 : numbers / size;
  }
  return sum / count;
}

/** Points of the data in a picture. */
const realCount = 2000;

function realPoints(source: DataSource, random: RandomStream): Float32Array {
  return (source as PointDistribution).draw(realCount, random.fork('points'));
}

interface Shown {
  readonly samples: Float32Array;
  readonly gradient: Float32Array;
  readonly after: Float32Array;
}

function imagesPicture({ samples, gradient, after }: Shown, shape: readonly number[]): Picture {
  const columns = shape[0]!;
  const asked = gradient.map((value) => -value);
  const rows = stackPictures([
    imageGrid(samples, shape, { columns, gap: 2 }),
    heatMap(asked, shape, { columns, gap: 2 }),
    imageGrid(after, shape, { columns, gap: 2 }),
  ]);
  return enlarged(rows, Math.max(1, Math.floor(widestPicture / rows.width)));
}

function pointsPicture({ samples, gradient }: Shown, real: Float32Array): Picture {
  const norms = Array.from({ length: samples.length / 2 }, (_, index) =>
    Math.hypot(gradient[2 * index]!, gradient[2 * index + 1]!),
  );
  const greatest = norms.reduce((most, norm) => Math.max(most, norm), 0);
  const length = greatest === 0 ? 0 : longestWay / greatest;
  const ways = Array.from({ length: placesOnTheWay }, (_, place) =>
    samples.map((value, index) => value - (length * gradient[index]! * place) / (placesOnTheWay - 1)),
  );
  const way = new Float32Array(samples.length * placesOnTheWay);
  ways.forEach((points, place) => {
    way.set(points, place * samples.length);
  });
  return scatterPlot([
    { points: real, color: realColour },
    { points: way, color: [0, 114, 178] },
    ...disc.map(([x, y]) => ({
      points: samples.map((value, index) => value + (index % 2 === 0 ? x : y)),
      color: generatedColour,
    })),
  ]);
}

/**
 * Follows the generator's loss back to every pixel of some samples, with the players of a run as its newest checkpoint left them.
 * @param path The folder of the run.
 * @throws GanKitError `file` or `invalid-data` when there is no run with a checkpoint, and whatever its data refuse.
 */
export async function explainRun(path: string, options: ExplainOptions = {}): Promise<Explanation> {
  checkOptions('explainRun', options, { count: 'optional', seed: 'optional' });
  const { count, seed = 1 } = options;
  checkInteger('seed', seed, 0);
  if (count !== undefined) checkInteger('count', count);
  const game = await openGame(path);
  try {
    return await explainGame(game, options);
  } finally {
    game.run.dispose();
  }
}

/**
 * {@link explainRun} of a game that is open, also of one that is being played in this process. It stays with the caller.
 * @throws GanKitError `invalid-argument` for a count below 1.
 */
export async function explainGame(
  { run, source, step }: OpenGame,
  { count: asked, seed = 1 }: ExplainOptions = {},
): Promise<Explanation> {
  const random = new RandomStream(seed).fork('explain');
  const { generator, discriminator, loss } = run.game;
  const isImage = source.kind === 'images' && source.shape.length === 3 && source.shape[2]! <= 4;
  const isPoint = source.kind === 'points' && source.shape.join() === '2';
  const wanted = asked ?? (isImage ? 8 : 120);
  const batch = await firstBatch(source, wanted, random.fork('real'));
  const count = batch.data.shape[0]!;
  const kept: tf.Tensor[] = [];
  try {
    const told = toldOf(run, batch, random);
    kept.push(...Object.values(conditionTensors(told.real)), ...Object.values(conditionTensors(told.fake)));
    const latent = drawLatent(generator, count, random.fork('latent'));
    kept.push(latent);
    const found = await gradientAttribution({
      ...{ generator, discriminator, loss, latent, step },
      real: batch.data,
      condition: told.fake,
      realCondition: told.real,
    });
    kept.push(found.samples, found.gradient);
    const [samples, gradient] = (await Promise.all([
      found.samples.data(),
      found.gradient.data(),
    ])) as Float32Array[] as [Float32Array, Float32Array];
    const greatest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const after = tf.tidy(() => {
      const moved = tf.sub(found.samples, tf.mul(found.gradient, greatest === 0 ? 0 : reach / greatest));
      return tf.clipByValue(moved, -1, 1);
    });
    kept.push(after);
    const forward = (condition: Condition): ForwardOptions => ({ training: true, updateState: false, step, condition });
    const judged = tf.tidy(() => {
      const judge = (fake: tf.Tensor) => {
        const output = discriminator.discriminate(fake, forward(told.fake));
        const value = loss.generatorLoss({
          fake: output,
          ...(loss.generatorNeeds?.includes('real')
            ? { real: discriminator.discriminate(batch.data, forward(told.real)) }
            : {}),
          ...(loss.generatorNeeds?.includes('samples') ? { samples: { real: batch.data, fake } } : {}),
          step,
        });
        const { logits } = output;
        const difference =
          loss.verdict === 'two-class' ? tf.sub(logits.slice([0, 0], [-1, 1]), logits.slice([0, 1], [-1, 1])) : logits;
        return [value, tf.mean(tf.sigmoid(difference))];
      };
      return tf.stack([...judge(found.samples), ...judge(after)] as tf.Scalar[]);
    });
    kept.push(judged);
    const [, scoreBefore = 0, lossAfter = 0, scoreAfter = 0] = await judged.data();
    const shown: Shown = {
      samples,
      gradient,
      after: (await after.data()) as Float32Array,
    };
    const shape = [count, ...source.shape];
    const picture = isImage
      ? imagesPicture(shown, shape)
      : isPoint
        ? pointsPicture(shown, realPoints(source, random))
        : undefined;
    const numbers = {
      step,
      samples: count,
      sampleSize: samples.length / count,
      loss: found.loss,
      gradientNorm: found.gradientNorm,
      halfOfGradient: shareOfHalf(gradient, count),
      lossAfter,
      ...(loss.probabilities === true ? { scores: { before: scoreBefore, after: scoreAfter } } : {}),
      layers: found.layers,
    };
    return { ...numbers, picture, sentences: explanationWords(numbers, placeOf(source)) };
  } finally {
    tf.dispose(kept);
    disposeBatch(batch);
  }
}
