// Samples of a generator from a file, told what it needs: a class or classes in turn, codes as the game draws them.
import { labelTensor } from '@gankit/conditional';
import { toldPlayers } from '@gankit/conditional/registry';
import {
  type Condition,
  checkInteger,
  checkOptions,
  conditionTensors,
  drawLatent,
  GanKitError,
  type Generator,
  RandomStream,
} from '@gankit/core';
import type { GeneratorDocument, LoadedGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { classesInTurn } from './sample-picture.ts';

export interface DrawSamplesOptions {
  readonly count: number;
  /** The seed of the latents; 1 by default. */
  readonly seed?: number | undefined;
  /** Latents beyond this many standard deviations are drawn again; none by default. */
  readonly truncation?: number | undefined;
  /** The class to make, by number from 0 or by name; all in turn by default. */
  readonly label?: string | number | undefined;
}

/** Numbers that are kept at once: a gigabyte of them. */
const mostNumbers = 2 ** 28;

/** Samples that are made at a time: bounds the memory of a large count. */
export const samplesAtATime = 100;

/**
 * A class by its name or its number.
 * @throws GanKitError `incompatible` for a generator that is told no classes, `invalid-argument` when there is no such class.
 */
export function labelNamed(
  wanted: string | number,
  { generator, document: { specification, classNames = [] } }: LoadedGenerator,
): number {
  const { classes } = specification;
  const text = String(wanted);
  if (classes === undefined || !generator.needs?.includes('class')) {
    throw new GanKitError(
      'incompatible',
      'This generator is told no classes; train one with --conditional, or leave --class out.',
    );
  }
  const named = classNames.indexOf(text);
  if (named >= 0) return named;
  if (/^\d+$/.test(text) && Number(text) < classes) return Number(text);
  const names = classNames.length > 0 ? `, or one of: ${classNames.join(', ')}` : '';
  throw new GanKitError(
    'invalid-argument',
    `--class must be a number from 0 to ${classes - 1}${names}; not '${text}'.`,
    { value: wanted },
  );
}

/** Codes, as the game draws them, for a generator that is told some: float32 [count, length]; the caller owns it. */
export function drawnCodes(
  { specification }: GeneratorDocument,
  count: number,
  random: RandomStream,
): tf.Tensor2D | undefined {
  for (const { conditioning } of toldPlayers(specification)) {
    if (conditioning.name !== 'codes') continue;
    return tf.tidy(() => conditioning.condition({ data: tf.zeros([count, 1]) }, random).fake?.vectors);
  }
  return undefined;
}

/** @throws GanKitError `incompatible` for a generator that turns images into others. */
export function checkTold(generator: Generator): void {
  if (!generator.needs?.includes('images')) return;
  throw new GanKitError(
    'incompatible',
    'This generator turns one image into another, and there is none to give it; its samples are in samples.png of the run.',
  );
}

/**
 * Samples of a trained generator, one after another, in the data's own units.
 * @param loaded From `loadGenerator` of `@gankit/models/node` with `buildConditionalGenerator`. It stays with the caller.
 * @returns float32, `count` times the numbers of a sample.
 * @throws GanKitError `invalid-argument` for more samples than memory has room for, or a class that does not exist; `incompatible` for a class of a
 *   generator that is told none, and for one that turns images into others.
 */
export async function drawSamples(loaded: LoadedGenerator, options: DrawSamplesOptions): Promise<Float32Array> {
  checkOptions('drawSamples', options, {
    count: 'required',
    seed: 'optional',
    truncation: 'optional',
    label: 'optional',
  });
  const { count, seed = 1, truncation, label } = options;
  const { generator, document } = loaded;
  checkInteger('--count', count);
  checkTold(generator);
  const length = generator.outputShape.reduce((product, size) => product * size, 1);
  if (count * length > mostNumbers) {
    throw new GanKitError(
      'invalid-argument',
      `--count must be at most ${Math.floor(mostNumbers / length)} for samples of ${length} numbers, not ${count}; sample several times, each with a --seed of its own.`,
      { value: count },
    );
  }
  const values = new Float32Array(count * length);
  const random = new RandomStream(seed);
  const codes = random.fork('codes');
  const wanted = label === undefined ? undefined : labelNamed(label, loaded);
  const { classes } = document.specification;
  for (let from = 0; from < count; from += samplesAtATime) {
    const now = Math.min(samplesAtATime, count - from);
    const latent = drawLatent(generator, now, random, { truncation });
    const told: Record<string, tf.Tensor> = {};
    if (generator.needs?.includes('class') && classes !== undefined) {
      const labels = wanted === undefined ? classesInTurn(now, classes, from) : new Array<number>(now).fill(wanted);
      told['labels'] = labelTensor(labels, classes);
    }
    const vectors = generator.needs?.includes('vectors') ? drawnCodes(document, now, codes) : undefined;
    if (vectors !== undefined) told['vectors'] = vectors;
    const condition: Condition = told;
    const samples = tf.tidy(() => generator.generate(latent, { training: false, condition }));
    values.set((await samples.data()) as Float32Array, from * length);
    tf.dispose([samples, latent, ...Object.values(conditionTensors(condition))]);
  }
  const { scale = 1 } = document;
  return scale === 1 ? values : values.map((value) => value * scale);
}
