// Pictures found again in the latent space of a generator: the samples that come closest to them.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { labelTensor } from '@gankit/conditional';
import { type Condition, checkInteger, checkOptions, disposeBatch, GanKitError, RandomStream } from '@gankit/core';
import { openPictures } from '@gankit/data/node';
import { invert, type LoadedGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { checkTold, labelNamed } from '../draw-samples.ts';

export interface ProjectPicturesOptions {
  /** Updates of the latents; 300 by default. */
  readonly steps?: number | undefined;
  /** The seed of the latents that it starts from; 1 by default. */
  readonly seed?: number | undefined;
  /** The class of all pictures, for a generator that is told one, by number from 0 or by name. */
  readonly label?: string | number | undefined;
  /** Stops after the current update; what was found by then is returned. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found. */
export interface ProjectedPictures {
  /** The pictures as the generator would make them, in its shape: float32 [count, ...shape], in [-1, 1]. */
  readonly pictures: Float32Array;
  /** The samples that come closest, in the same order. */
  readonly samples: Float32Array;
  /** Their latents: float32 [count, ...latentShape]. */
  readonly latents: Float32Array;
  /** [count, ...shape of a sample]. */
  readonly shape: readonly number[];
  /** Mean squared error of each, of numbers from -1 to 1. */
  readonly errors: readonly number[];
}

/** Pictures that are looked for at once: each has many candidates to start from. */
const mostPictures = 64;

/**
 * Looks for latents whose samples are these pictures, by gradient descent through the generator. What a generator cannot make is not found: the
 * errors tell.
 * @param loaded From `loadGenerator` of `@gankit/models/node` with `buildConditionalGenerator`. It stays with the caller.
 * @param paths Files of pictures; they are scaled to the generator's size, and cut to its proportions.
 * @throws GanKitError `incompatible` for a generator that makes no square images or must be told a class and is not, `file` or `invalid-data` for files
 *   that are no pictures, `invalid-argument` for none or more than 64.
 */
export async function projectPictures(
  loaded: LoadedGenerator,
  paths: readonly string[],
  options: ProjectPicturesOptions = {},
): Promise<ProjectedPictures> {
  checkOptions('projectPictures', options, {
    steps: 'optional',
    seed: 'optional',
    label: 'optional',
    signal: 'optional',
  });
  const { steps = 300, seed = 1, label, signal } = options;
  checkInteger('steps', steps);
  checkInteger('seed', seed, 0);
  checkInteger('the number of pictures', paths.length);
  if (paths.length > mostPictures) {
    throw new GanKitError(
      'invalid-argument',
      `At most ${mostPictures} pictures are looked for at once, not ${paths.length}.`,
      {
        value: paths.length,
      },
    );
  }
  const { generator, document } = loaded;
  checkTold(generator);
  const [height = 0, width, channels = 0] = generator.outputShape;
  const kinds = { 1: 'gray', 3: 'rgb', 4: 'rgba' } as const;
  const kind = kinds[channels as keyof typeof kinds];
  if (generator.outputShape.length !== 3 || height !== width || kind === undefined) {
    throw new GanKitError(
      'incompatible',
      'Only generators of square images in gray or colour can be asked for a picture.',
    );
  }
  const { classes } = document.specification;
  const isTold = generator.needs?.includes('class') === true && classes !== undefined;
  if (isTold && label === undefined) {
    throw new GanKitError(
      'incompatible',
      'This generator makes a class to order; say with --class which class the pictures have.',
    );
  }
  if (!isTold && label !== undefined) labelNamed(label, loaded);
  const store = {
    name: 'pictures',
    entries: paths.map((path) => ({ path })),
    fingerprint: async () => '',
    async read(index: number) {
      const path = paths[index]!;
      try {
        return await readFile(path);
      } catch (cause) {
        throw new GanKitError('file', `The picture '${path}' cannot be read (${(cause as Error).message}).`, {
          path,
          cause,
        });
      }
    },
    close: async () => {},
  };
  const source = await openPictures(store, { side: height, channels: kind, broken: 'fail' });
  const batches = source.batches({ batchSize: paths.length, epochs: 1 });
  const { value: batch } = await batches.next();
  await batches.return?.();
  if (batch === undefined)
    throw new GanKitError('invalid-data', `No picture could be read from ${basename(paths[0]!)}.`);
  const labels = isTold
    ? labelTensor(new Array<number>(paths.length).fill(labelNamed(label!, loaded)), classes)
    : undefined;
  const condition: Condition = labels === undefined ? {} : { labels };
  let latent: tf.Tensor | undefined;
  let samples: tf.Tensor | undefined;
  try {
    const random = new RandomStream(seed).fork('project');
    const found = await invert(generator, batch.data, { random, steps, condition, signal });
    latent = found.latent;
    samples = tf.tidy(() => generator.generate(found.latent, { training: false, condition }));
    return {
      pictures: (await batch.data.data()) as Float32Array,
      samples: (await samples.data()) as Float32Array,
      latents: (await latent.data()) as Float32Array,
      shape: [paths.length, ...generator.outputShape],
      errors: found.imageLosses,
    };
  } finally {
    tf.dispose([latent, samples, labels].filter((tensor) => tensor !== undefined));
    disposeBatch(batch);
  }
}
