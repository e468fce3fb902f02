// CIFAR-10 and CIFAR-100 in the folder that their binary versions unpack to.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkChoice, checkOptions, type DataSource, GanKitError } from '@gankit/core';
import { type CifarForm, cifarSide, parseCifar } from '../cifar.ts';
import { imageSet } from '../image-set.ts';
import type { Split } from './idx-files.ts';
import { readWhole } from './random-access.ts';

export interface CifarFilesOptions {
  /** Folder of `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`, or of `train.bin` and `test.bin`. */
  readonly folder: string;
  /** `train` by default. */
  readonly split?: Split | undefined;
}

interface Files {
  readonly form: CifarForm;
  readonly data: readonly string[];
  /** The file of the names of the classes, if it is there. */
  readonly names?: string | undefined;
}

/** The files of a split by the names in their folder; `undefined` where no CIFAR lies. */
export function cifarFiles(names: readonly string[], split: Split): Files | undefined {
  const have = (...wanted: readonly string[]) => wanted.filter((name) => names.includes(name));
  const ten =
    split === 'train' ? names.filter((name) => /^data_batch_\d\.bin$/.test(name)).sort() : have('test_batch.bin');
  if (ten.length > 0) return { form: 'cifar-10', data: ten, names: have('batches.meta.txt')[0] };
  const [hundred] = have(`${split}.bin`);
  if (hundred === undefined || !names.includes('fine_label_names.txt')) return undefined;
  return { form: 'cifar-100', data: [hundred], names: 'fine_label_names.txt' };
}

async function classNamesOf(folder: string, { form, names }: Files): Promise<string[]> {
  const count = form === 'cifar-10' ? 10 : 100;
  const text = names === undefined ? '' : await readFile(join(folder, names), 'utf8');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length === count ? lines : Array.from({ length: count }, (_, label) => String(label));
}

/**
 * CIFAR-10 or CIFAR-100 (Krizhevsky 2009), binary version: 32 x 32 in colour, with the names of its classes.
 * @throws GanKitError `file` when there is none in the folder, `invalid-data` when a file is damaged.
 */
export async function loadCifarFiles(options: CifarFilesOptions): Promise<DataSource> {
  checkOptions('loadCifarFiles', options, { folder: 'required', split: 'optional' });
  const { folder, split = 'train' } = options;
  checkChoice('split', split, ['train', 'test']);
  const files = cifarFiles(await readdir(folder).catch(() => []), split);
  if (files === undefined) {
    throw new GanKitError(
      'file',
      `There is no ${split} set of CIFAR in '${folder}'; put data_batch_1.bin, test_batch.bin, ... or train.bin, test.bin and fine_label_names.txt there.`,
      { path: folder },
    );
  }
  const classNames = await classNamesOf(folder, files);
  const parts = [];
  for (const name of files.data) {
    const path = join(folder, name);
    parts.push(parseCifar(await readWhole(path), files.form, path));
  }
  const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * cifarSide * cifarSide * 3);
  const labels = new Uint8Array(count);
  let at = 0;
  for (const part of parts) {
    pixels.set(part.pixels, at * cifarSide * cifarSide * 3);
    labels.set(part.labels, at);
    at += part.labels.length;
  }
  return imageSet({ name: files.form, shape: [cifarSide, cifarSide, 3], pixels, labels, classNames });
}
