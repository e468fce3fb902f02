// Every extractor that comes along, by name.
import type { DataSource } from '@gankit/core';
import { choice, entryOf, option, registry, wholeNumber } from '@gankit/core/registry';
import { digitFeatures } from '../extractors/digits/digit-features.ts';
import type { FeatureExtractor } from '../extractors/feature-extractor.ts';
import { pixelFeatures } from '../extractors/pixel-features.ts';
import { valueFeatures } from '../extractors/value-features.ts';

const extractor = entryOf<Promise<FeatureExtractor>, Pick<DataSource, 'shape' | 'scale'>>();

/** Extractors. Each is made for the data that it is to look at, and disposed by whoever made it. */
export const extractors = registry('extractor', [
  extractor({
    name: 'digits',
    title: 'Digits',
    description: 'the last hidden layer of a classifier of MNIST digits, for MNIST and what looks like it',
    source: 'made here',
    options: {},
    create: async () => digitFeatures(),
  }),
  extractor({
    name: 'pixels',
    title: 'Pixels',
    description:
      'a small copy of each picture: colours and layout alone, for pictures that no extractor was trained on',
    source: 'made here',
    options: {
      side: option(wholeNumber({ maximum: 256 }), { default: 8, description: 'height and width of the copy' }),
      channels: option(choice([1, 3]), { description: '1 for gray, 3 for RGB; as the data when absent' }),
    },
    create: async ({ side, channels }, { shape }) =>
      pixelFeatures({ side, channels: channels ?? (shape[2] === 1 ? 1 : 3) }),
  }),
  extractor({
    name: 'values',
    title: 'Values',
    description: 'the numbers of a sample as they are, for points, tables and series',
    source: 'made here',
    options: {},
    create: async (_, { shape, scale }) =>
      valueFeatures({ dimensions: shape.reduce((product, size) => product * size, 1), scale }),
  }),
]);

/** The extractor that suits data: digits for MNIST, pixels for other pictures, values for everything else. */
export function suitedExtractor({ kind, name }: Pick<DataSource, 'kind' | 'name'>): 'digits' | 'pixels' | 'values' {
  if (kind !== 'images') return 'values';
  return name === 'mnist' ? 'digits' : 'pixels';
}
