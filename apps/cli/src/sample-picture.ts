// A picture of what a generator makes from the same latents each time: a grid of images, or points over the real ones.

import { labelTensor } from '@gankit/conditional';
import { type DataSource, drawLatent, type Generator, type RandomStream } from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import { imageGrid, type Picture, scatterPlot } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const imageCount = 64;
const pointCount = 2500;
/** Images of each class in the grid of a conditional generator. */
const imagesPerClass = 10;
/** A grid with more rows than this is not read any more: it shows the classes in turn instead. */
const mostRows = 32;
const realColor = [170, 180, 200] as const;
const generatedColor = [214, 69, 28] as const;

/** The labels that samples are asked for; absent for a generator that is told none. */
export interface AskedClasses {
  readonly labels: readonly number[];
  /** Number of classes. */
  readonly classes: number;
}

/** Samples in evaluation mode (moving averages), as values. */
export async function sampleValues(
  generator: Generator,
  latent: tf.Tensor,
  asked?: AskedClasses,
): Promise<Float32Array> {
  const samples = tf.tidy(() => {
    const condition = asked && { labels: labelTensor(asked.labels, asked.classes) };
    return generator.generate(latent, { training: false, condition });
  });
  const values = (await samples.data()) as Float32Array;
  samples.dispose();
  return values;
}

/** `count` classes in turn: 0, 1, 2, ... */
export function classesInTurn(count: number, classes: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => (from + index) % classes);
}

export interface SamplePicture {
  /** The generator's samples as it is now, as values in [-1, 1] and as a picture. */
  draw(): Promise<{ readonly values: Float32Array; readonly picture: Picture }>;
  dispose(): void;
}

/** The latents and classes of a picture: with few classes a row for each, the same latents in every row. */
function picturePlan(generator: Generator, random: RandomStream, isImage: boolean, classes: number | undefined) {
  if (classes === undefined) {
    return { latent: drawLatent(generator, isImage ? imageCount : pointCount, random) };
  }
  if (!isImage || classes > mostRows) {
    const count = isImage ? imageCount : pointCount;
    return { latent: drawLatent(generator, count, random), asked: { labels: classesInTurn(count, classes), classes } };
  }
  const latent = tf.tidy(() => {
    const row = drawLatent(generator, imagesPerClass, random);
    return tf.concat(Array.from({ length: classes }, () => row));
  });
  const labels = Array.from({ length: classes * imagesPerClass }, (_, index) => Math.floor(index / imagesPerClass));
  return { latent, asked: { labels, classes }, columns: imagesPerClass };
}

/** @param options `source`: the data; points of it are drawn under the generated ones. `classes`: how many, when the generator is told one. */
export function samplePicture(
  generator: Generator,
  random: RandomStream,
  { source, classes }: { readonly source: DataSource; readonly classes?: number | undefined },
): SamplePicture {
  const isImage = source.kind === 'images';
  const { latent, asked, columns } = picturePlan(generator, random.fork('latent'), isImage, classes);
  tf.keep(latent);
  const realPoints = isImage
    ? new Float32Array(0)
    : (source as PointDistribution).draw(pointCount, random.fork('real'));
  return {
    async draw() {
      const values = await sampleValues(generator, latent, asked);
      const picture = isImage
        ? imageGrid(values, [latent.shape[0]!, ...generator.outputShape], columns === undefined ? {} : { columns })
        : scatterPlot([
            { points: realPoints, color: realColor },
            { points: values, color: generatedColor },
          ]);
      return { values, picture };
    },
    dispose() {
      latent.dispose();
    },
  };
}
