// `gankit sample`: samples of a trained generator as one picture, an array or a folder of pictures.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { checkInteger, GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { encodeNpy, encodeTable } from '@gankit/data';
import type { GeneratorDocument } from '@gankit/models';
import { loadGenerator } from '@gankit/models/node';
import { imageGrid } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import { drawSamples } from '@gankit/recipes';
import { runFolder } from '@gankit/recipes/node';
import { checkFree, checkRun } from '../check-paths.ts';
import { say, writeJson } from '../say.ts';

export interface SampleOptions {
  readonly count: number;
  readonly seed: number;
  readonly out?: string | undefined;
  readonly class?: string | undefined;
  readonly truncation?: number | undefined;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where samples go when the command line does not say: into the run's folder, beside what is there. */
function freshSamplesPath(run: string, { class: className }: SampleOptions, formats: readonly string[]): string {
  const name = className === undefined ? 'more-samples' : `class-${className.replaceAll(/[^\w-]/g, '_')}`;
  for (let number = 1; ; number++) {
    const path = join(run, `${name}${number === 1 ? '' : `-${number}`}${formats[0]}`);
    if (!existsSync(path)) return path;
  }
}

/** What samples of a shape can be written as, the usual one first: pictures have up to four channels. */
function formatsOf(shape: readonly number[]): readonly string[] {
  if (shape.length !== 3) return ['.csv', '.npy'];
  return shape[2]! <= 4 ? ['.png', '.npy', ''] : ['.npy'];
}

function checkFormat(extension: string, out: string, formats: readonly string[]): void {
  if (formats.includes(extension)) return;
  const accepted = formats.map((format) => (format === '' ? 'a folder' : `a ${format} file`)).join(', ');
  throw new GanKitError('invalid-argument', `--out must be one of ${accepted} for these samples, not '${out}'.`, {
    value: out,
  });
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

/** A line for each sample; for a table in its own units and words, with a line of names first. */
function encodeCsv({ columns }: GeneratorDocument, values: Float32Array, width: number): string {
  if (columns !== undefined) return encodeTable(columns, values);
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += width) lines.push(`${values.subarray(at, at + width).join(',')}\n`);
  return lines.join('');
}

export async function sample(run: string, options: SampleOptions): Promise<number> {
  const { count } = options;
  checkInteger('--count', count);
  checkRun(run);
  await selectBackend();
  const loaded = await loadGenerator(runFolder(run).generator, buildConditionalGenerator);
  const { generator, document } = loaded;
  const shape = generator.outputShape;
  const formats = formatsOf(shape);
  const out = options.out ?? freshSamplesPath(run, options, formats);
  const extension = extname(basename(out)).toLowerCase();
  checkFormat(extension, out, formats);
  checkFree(out, options.force);
  const { seed, truncation, class: label } = options;
  const values = await drawSamples(loaded, { count, seed, truncation, label });
  generator.dispose();
  await makeFolder(dirname(out));
  if (extension === '.npy') await writeFileAtomically(out, encodeNpy(values, [count, ...shape]));
  else if (extension === '.csv') await writeFileAtomically(out, encodeCsv(document, values, values.length / count));
  else if (extension === '.png') await writeFileAtomically(out, encodePng(imageGrid(values, [count, ...shape])));
  else await writePictures(out, values, count, shape);
  say(`${count} samples: ${out}`);
  if (options.json) writeJson({ out, count, shape });
  return 0;
}
