// Data that need no files, by name. What is read from files is added by `@gankit/data/node`.
import type { DataSource } from '@gankit/core';
import { entryOf, number, option, registry, required, text, wholeNumber } from '@gankit/core/registry';
import { gridOfGaussians } from '../distributions/grid-of-gaussians.ts';
import { paintedDistribution } from '../distributions/painted-distribution.ts';
import { ringOfGaussians } from '../distributions/ring-of-gaussians.ts';
import { swissRoll } from '../distributions/swiss-roll.ts';
import { twoMoons } from '../distributions/two-moons.ts';

const positive = number({ minimum: 0 });
const deviation = (value: number) =>
  option(positive, { default: value, description: 'the standard deviation of each mode' });
const noise = (value: number, around: string) =>
  option(positive, { default: value, description: `the standard deviation of the noise around ${around}` });

/** For entries of data sets. */
export const dataSet = entryOf<Promise<DataSource>>();

/** Data sets that are drawn from a formula; they open at once, in Node and in a page. */
export const distributions = registry('data set', [
  dataSet({
    name: 'ring',
    title: 'Ring of Gaussians',
    description: 'Gaussians at equal distances on a circle: the standard test for mode collapse',
    source: 'Metz et al. 2017; Lin et al. 2018',
    options: {
      modes: option(wholeNumber({ maximum: 10_000 }), { default: 8, description: 'the number of modes' }),
      radius: option(positive, { default: 1, description: 'the distance of each mode from the origin, above 0' }),
      standardDeviation: deviation(0.01),
    },
    create: async (options) => ringOfGaussians(options),
  }),
  dataSet({
    name: 'grid',
    title: 'Grid of Gaussians',
    description: 'Gaussians on a square grid',
    source: 'Dumoulin et al. 2017; Lin et al. 2018',
    options: {
      side: option(wholeNumber({ maximum: 100 }), { default: 5, description: 'modes along each side; 5 makes 25' }),
      spacing: option(positive, { default: 2, description: 'the distance between neighbouring modes, above 0' }),
      standardDeviation: deviation(0.05),
    },
    create: async (options) => gridOfGaussians(options),
  }),
  dataSet({
    name: 'swiss-roll',
    title: 'Swiss roll',
    description: 'a spiral',
    source: "scikit-learn's make_swiss_roll",
    options: { noise: noise(0.5, 'the spiral, whose radius is 4.5 pi') },
    create: async (options) => swissRoll(options),
  }),
  dataSet({
    name: 'two-moons',
    title: 'Two moons',
    description: 'two interleaved half circles, a class each',
    source: "scikit-learn's make_moons",
    options: { noise: noise(0.05, 'each half circle of radius 1') },
    create: async (options) => twoMoons(options),
  }),
  dataSet({
    name: 'painted',
    title: 'Painted',
    description: 'points from a painting of cells, such as the playground makes',
    source: 'made here',
    options: {
      cells: required(
        text('a digit for each cell of a square'),
        'a digit for each cell of a square, row by row from the top: 0 is empty, 9 is nine times as likely as 1',
      ),
    },
    create: async (options) => paintedDistribution(options),
  }),
]);
