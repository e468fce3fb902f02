import { join } from 'node:path';
import type { Condition, Generator, RandomStream, TrainingCallback } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import * as tf from '@tensorflow/tfjs';
import { everySteps } from '../callbacks/every-steps.ts';
import { drawLatent } from '../latent.ts';
import { imageGrid } from '../pictures/image-grid.ts';
import { encodePng } from '../pictures/picture.ts';

export interface SampleGridOptions {
  /** The generator, or an average of it. Its samples must be images. */
  readonly generator: Generator;
  /** The folder of the pictures; made when it is not there. */
  readonly folder: string;
  /** Steps between two pictures; one more is drawn when the run ends. */
  readonly every: number;
  /** Decides the latents, which are the same for every picture. */
  readonly random: RandomStream;
  /** Images in a picture; 64 by default. */
  readonly count?: number;
  /** What the generator is told about the images; nothing by default. Stays with the caller. */
  readonly condition?: Condition;
}

/** A callback that writes `step-000100.png`: samples from the same latents each time, so that one sees them change. */
export function sampleGrid(options: SampleGridOptions): TrainingCallback {
  const { generator, folder, every, count = 64, condition } = options;
  const stream = options.random.saveState();
  return everySteps(every, async (step) => {
    options.random.loadState(stream);
    const samples = tf.tidy(() =>
      generator.generate(drawLatent(generator, count, options.random), {
        training: false,
        ...(condition === undefined ? {} : { condition }),
      }),
    );
    const picture = imageGrid((await samples.data()) as Float32Array, samples.shape);
    samples.dispose();
    await makeFolder(folder);
    await writeFileAtomically(join(folder, `step-${String(step).padStart(6, '0')}.png`), encodePng(picture));
  });
}
