// `gankit sample`: samples of a trained generator as one picture, an array or a folder of pictures.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { labelTensor } from '@gankit/conditional';
import { buildConditionalGenerator, toldPlayers } from '@gankit/conditional/registry';
import {
  type Condition,
  checkInteger,
  conditionTensors,
  drawLatent,
  GanKitError,
  type Generator,
  RandomStream,
} from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { encodeNpy } from '@gankit/data';
import type { GeneratorDocument } from '@gankit/models';
import { loadGenerator } from '@gankit/models/node';
import { imageGrid } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import { classesInTurn } from '@gankit/recipes';
import { runFolder } from '@gankit/recipes/node';
import * as tf from '@tensorflow/tfjs';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  readonly out?: string | undefined;
  readonly class?: string | undefined;
  readonly truncation?: number | undefined;
  readonly force?: boolean | undefined;
}

/** Numbers that are kept at once: a gigabyte of them. */
const mostNumbers = 2 ** 28;

/** Samples that are made at a time: bounds the memory of a large `--count`. */
const samplesAtATime = 100;

/** The class that was asked for, as a label: a number or a name. @throws GanKitError when there is no such class. */
function labelNamed(
  text: string | undefined,
  { specification, classNames = [] }: GeneratorDocument,
  generator: Generator,
): number | undefined {
  if (text === undefined) return undefined;
  const { classes } = specification;
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
    {
      value: text,
    },
  );
}

/** What each of the samples from `from` on is told: a class, or codes as the game draws them. */
function toldTo(
  { specification }: GeneratorDocument,
  generator: Generator,
  label: number | undefined,
  { from, count, random }: { readonly from: number; readonly count: number; readonly random: RandomStream },
): Condition {
  const { classes } = specification;
  const told: Record<string, tf.Tensor> = {};
  if (generator.needs?.includes('class') && classes !== undefined) {
    const labels = label === undefined ? classesInTurn(count, classes, from) : new Array<number>(count).fill(label);
    told['labels'] = labelTensor(labels, classes);
  }
  if (generator.needs?.includes('vectors')) {
    const data = tf.zeros([count, 1]);
    for (const { conditioning } of toldPlayers(specification)) {
      if (conditioning.name !== 'codes') continue;
      Object.assign(told, conditionTensors(conditioning.condition({ data }, random).fake));
    }
    data.dispose();
  }
  return told;
}

async function makeSamples(
  generator: Generator,
  document: GeneratorDocument,
  { count, seed, truncation, class: className }: SampleOptions,
): Promise<Float32Array> {
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
  const label = labelNamed(className, document, generator);
  for (let from = 0; from < count; from += samplesAtATime) {
    const now = Math.min(samplesAtATime, count - from);
    const latent = drawLatent(generator, now, random, { truncation });
    const condition = toldTo(document, generator, label, { from, count: now, random: codes });
    const samples = tf.tidy(() => generator.generate(latent, { training: false, condition }));
    values.set((await samples.data()) as Float32Array, from * length);
    tf.dispose([samples, latent, ...Object.values(conditionTensors(condition))]);
  }
  const { scale = 1 } = document;
  return scale === 1 ? values : values.map((value) => value * scale);
}

/** @throws GanKitError `incompatible` for a generator that turns images into others. */
function checkTold(generator: Generator, run: string): void {
  if (!generator.needs?.includes('images')) return;
  throw new GanKitError(
    'incompatible',
    `The generator of '${run}' turns one image into another, and the command has none to give it; its samples are in ${runFolder(run).latestSamples}.`,
  );
}

/** Where samples go when the command line does not say: into the run's folder, beside what is there. */
function freshSamplesPath(run: string, { class: className }: SampleOptions, isImage: boolean): string {
  const name = className === undefined ? 'more-samples' : `class-${className.replaceAll(/[^\w-]/g, '_')}`;
  for (let number = 1; ; number++) {
    const path = join(run, `${name}${number === 1 ? '' : `-${number}`}${isImage ? '.png' : '.csv'}`);
    if (!existsSync(path)) return path;
  }
}

function checkFormat(extension: string, out: string, isImage: boolean): void {
  const known = isImage ? ['.png', '.npy', ''] : ['.csv', '.npy'];
  if (known.includes(extension)) return;
  const accepted = isImage ? 'a .png file, a .npy file or a folder' : 'a .csv or a .npy file';
  throw new GanKitError(
    'invalid-argument',
    `--out must be ${accepted} for ${isImage ? 'images' : 'points'}, not '${out}'.`,
    { value: out },
  );
}

async function writePictures(
  out: string,
  values: Float32Array,
  count: number,
  shape: readonly number[],
): Promise<void> {
  await makeFolder(out);
  const length = values.length / count;
  const digits = Math.max(5, String(count - 1).length);
  for (let index = 0; index < count; index++) {
    const image = values.subarray(index * length, (index + 1) * length);
    const name = `${String(index).padStart(digits, '0')}.png`;
    await writeFileAtomically(join(out, name), encodePng(imageGrid(image, [1, ...shape])));
  }
}

/** A line for each sample. */
function encodeCsv(values: Float32Array, width: number): string {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += width) lines.push(`${values.subarray(at, at + width).join(',')}\n`);
  return lines.join('');
}

export async function sample(run: string, options: SampleOptions): Promise<number> {
  const { count } = options;
  checkInteger('--count', count);
  if (!existsSync(run)) throw new GanKitError('file', `There is no run folder '${run}'.`, { path: run });
  await selectBackend();
  const { generator, document } = await loadGenerator(runFolder(run).generator, buildConditionalGenerator);
  checkTold(generator, run);
  const shape = generator.outputShape;
  const isImage = shape.length === 3;
  const out = options.out ?? freshSamplesPath(run, options, isImage);
  const extension = extname(basename(out)).toLowerCase();
  checkFormat(extension, out, isImage);
  if (existsSync(out) && !options.force) {
    throw new GanKitError('conflict', `'${out}' exists already; choose another --out, or replace it with --force.`, {
      path: out,
    });
  }
  const values = await makeSamples(generator, document, options);
  generator.dispose();
  await makeFolder(dirname(out));
  if (extension === '.npy') await writeFileAtomically(out, encodeNpy(values, [count, ...shape]));
  else if (extension === '.csv') await writeFileAtomically(out, encodeCsv(values, values.length / count));
  else if (extension === '.png') await writeFileAtomically(out, encodePng(imageGrid(values, [count, ...shape])));
  else await writePictures(out, values, count, shape);
  process.stderr.write(`${count} samples: ${out}\n`);
  return 0;
}
