// Data by name, with the settings that suit it.
import { type DataSource, GanKitError, unknownNameError } from '@gankit/core';
import { gridOfGaussians, ringOfGaussians, swissRoll, twoMoons } from '@gankit/data';
import { loadIdxFiles, loadMnist } from '@gankit/data/node';

/** Where a data set's files are, for those that have files. */
export interface DataOptions {
  readonly folder?: string | undefined;
}

interface DataSet {
  readonly description: string;
  readonly defaultModel: string;
  load(options: DataOptions): Promise<DataSource>;
}

function distribution(description: string, make: () => DataSource): DataSet {
  return {
    description,
    defaultModel: 'mlp',
    async load({ folder }) {
      if (folder === undefined) return make();
      throw new GanKitError(
        'invalid-argument',
        '--data-folder is for data in files; this data set is drawn from a formula.',
      );
    },
  };
}

const dataSets: Readonly<Record<string, DataSet>> = {
  mnist: {
    description: '60,000 handwritten digits of 28 x 28',
    defaultModel: 'dcgan',
    load: ({ folder }) => loadMnist(folder === undefined ? {} : { folder }),
  },
  idx: {
    description: "images in MNIST's file format, from --data-folder",
    defaultModel: 'dcgan',
    async load({ folder }) {
      if (folder !== undefined) return loadIdxFiles({ folder });
      throw new GanKitError('invalid-argument', '--data idx needs --data-folder, the folder of the IDX files.');
    },
  },
  ring: distribution('8 Gaussians on a circle', () => ringOfGaussians()),
  grid: distribution('25 Gaussians on a grid', () => gridOfGaussians()),
  'swiss-roll': distribution('a spiral', () => swissRoll()),
  'two-moons': distribution('two half circles', () => twoMoons()),
};

/** One line for each data set. */
export const dataDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(dataSets).map(([name, { description }]) => [name, description]),
);

/** @throws GanKitError `unknown-name` */
export function dataSetNamed(name: string): DataSet {
  if (!Object.hasOwn(dataSets, name)) throw unknownNameError('data set', name, Object.keys(dataSets));
  return dataSets[name]!;
}
