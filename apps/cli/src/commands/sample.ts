// `gankit sample`: samples of a trained generator as one picture, an array or a folder of pictures.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { checkInteger, GanKitError, type Generator, RandomStream } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { encodeNpy } from '@gankit/data';
import { selectBackend } from '@gankit/engine';
import { loadGenerator } from '@gankit/models/node';
import { drawLatent, encodePng, imageGrid } from '@gankit/trainer';
import { runFolder } from '../run-folder.ts';
import { sampleValues } from '../sample-picture.ts';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
}

/** Samples that are made at a time: bounds the memory of a large `--count`. */
const samplesAtATime = 100;

async function makeSamples(generator: Generator, { count, seed }: SampleOptions, scale: number): Promise<Float32Array> {
  const length = generator.outputShape.reduce((product, size) => product * size, 1);
  const values = new Float32Array(count * length);
  const random = new RandomStream(seed);
  for (let from = 0; from < count; from += samplesAtATime) {
    const latent = drawLatent(generator, Math.min(samplesAtATime, count - from), random);
    values.set(await sampleValues(generator, latent), from * length);
    latent.dispose();
  }
  return scale === 1 ? values : values.map((value) => value * scale);
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

function encodeCsv(values: Float32Array): string {
  const lines: string[] = [];
  for (let index = 0; index < values.length; index += 2) lines.push(`${values[index]},${values[index + 1]}\n`);
  return lines.join('');
}

export async function sample(run: string, options: SampleOptions): Promise<number> {
  const { count, out } = options;
  checkInteger('--count', count);
  if (!existsSync(run)) throw new GanKitError('file', `There is no run folder '${run}'.`, { path: run });
  await selectBackend();
  const { generator, document } = await loadGenerator(runFolder(run).generator);
  const shape = generator.outputShape;
  const extension = extname(basename(out)).toLowerCase();
  checkFormat(extension, out, shape.length === 3);
  if (existsSync(out) && !options.force) {
    throw new GanKitError('conflict', `'${out}' exists already; choose another --out, or replace it with --force.`, {
      path: out,
    });
  }
  const values = await makeSamples(generator, options, document.scale ?? 1);
  generator.dispose();
  await makeFolder(dirname(out));
  if (extension === '.npy') await writeFileAtomically(out, encodeNpy(values, [count, ...shape]));
  else if (extension === '.csv') await writeFileAtomically(out, encodeCsv(values));
  else if (extension === '.png') await writeFileAtomically(out, encodePng(imageGrid(values, [count, ...shape])));
  else await writePictures(out, values, count, shape);
  process.stderr.write(`${count} samples: ${out}\n`);
  return 0;
}
