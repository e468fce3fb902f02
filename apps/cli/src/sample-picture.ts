// A picture of what a generator makes from the same latents each time: a grid of images, or points over the real ones.
import type { Generator, RandomStream } from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import { drawLatent, imageGrid, type Picture, scatterPlot } from '@gankit/trainer';
import * as tf from '@tensorflow/tfjs';

const imageCount = 64;
const pointCount = 2500;
const realColor = [170, 180, 200] as const;
const generatedColor = [214, 69, 28] as const;

/** Samples in evaluation mode (moving averages), as values. */
export async function sampleValues(generator: Generator, latent: tf.Tensor): Promise<Float32Array> {
  const samples = generator.generate(latent, { training: false });
  const values = (await samples.data()) as Float32Array;
  samples.dispose();
  return values;
}

export interface SamplePicture {
  /** The generator's samples as it is now, as values in [-1, 1] and as a picture. */
  draw(): Promise<{ readonly values: Float32Array; readonly picture: Picture }>;
  dispose(): void;
}

/** @param real The distribution to draw under the generated points, when the data are points. */
export function samplePicture(generator: Generator, random: RandomStream, real?: PointDistribution): SamplePicture {
  const count = generator.outputShape.length === 3 ? imageCount : pointCount;
  const latent = tf.keep(drawLatent(generator, count, random.fork('latent')));
  const realPoints = real?.draw(pointCount, random.fork('real')) ?? new Float32Array(0);
  return {
    async draw() {
      const values = await sampleValues(generator, latent);
      const picture =
        generator.outputShape.length === 3
          ? imageGrid(values, [count, ...generator.outputShape])
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
