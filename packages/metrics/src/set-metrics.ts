// Every metric of two sets of features by its name: what a command line, a recipe and a page can ask for.
import { GanKitError, type RandomStream } from '@gankit/core';
import { classCoverage } from './class-coverage.ts';
import { classification } from './classification.ts';
import { energyDistance } from './energy-distance.ts';
import type { FeatureSet } from './feature-set.ts';
import type { Features } from './features.ts';
import { frechetDistance } from './frechet-distance.ts';
import { frechetInfinity } from './frechet-infinity.ts';
import { inceptionScore } from './inception-score.ts';
import { intraClassFrechet } from './intra-class-frechet.ts';
import { kernelDistance } from './kernel-distance.ts';
import { linearDiscriminant } from './linear-discriminant.ts';
import { modeCoverage } from './mode-coverage.ts';
import { momentsOf } from './moments.ts';
import { prdc } from './prdc.ts';
import { largestFScore, precisionRecallCurve } from './precision-recall-curve.ts';
import { slicedWasserstein } from './sliced-wasserstein.ts';

/** What a metric is given besides the sets. */
export interface SetMetricContext {
  /** Whatever it draws comes from this stream, which is its own. */
  readonly random: RandomStream;
  /** Told, in a sentence, what makes the number less worth. */
  readonly onNote: (sentence: string) => void;
}

/** A metric of two sets. */
export interface SetMetric {
  /** What it is called in running text. */
  readonly title: string;
  /** One sentence, without a full stop. */
  readonly description: string;
  readonly source: string;
  /**
   * @returns Numbers by name.
   * @throws GanKitError `incompatible` when the sets lack what it needs.
   */
  measure(reference: FeatureSet, generated: FeatureSet, context: SetMetricContext): Readonly<Record<string, number>>;
}

function probabilitiesOf({ probabilities, name, extractor }: FeatureSet, metric: string): Features {
  if (probabilities !== undefined) return probabilities;
  throw new GanKitError(
    'incompatible',
    `${metric} needs an extractor that classifies, and ${extractor.name} gave '${name}' no classes; take another, such as digits.`,
    { value: extractor.name },
  );
}

/** The most likely class of each row; of equally likely ones the lower. */
function likeliest({ values, dimensions }: Features): Uint32Array {
  return Uint32Array.from({ length: values.length / dimensions }, (_, row) => {
    let best = 0;
    for (let label = 1; label < dimensions; label++) {
      if (values[row * dimensions + label]! > values[row * dimensions + best]!) best = label;
    }
    return best;
  });
}

function countsOf(labels: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) counts[labels[row]!]!++;
  return counts;
}

function modesOf(reference: FeatureSet, generated: FeatureSet): Readonly<Record<string, number>> {
  if (reference.modes !== undefined) {
    const found = modeCoverage(generated.features.values, reference.modes);
    const { modesFound, modes, highQualityShare, reverseKl } = found;
    return { modesFound, modes, highQualityShare, reverseKl };
  }
  const real = probabilitiesOf(reference, 'modes');
  const classes = real.dimensions;
  const frequencies = countsOf(likeliest(real), classes);
  const found = classCoverage(likeliest(probabilitiesOf(generated, 'modes')), classes, frequencies);
  return { modesFound: found.classesFound, modes: classes, reverseKl: found.reverseKl };
}

function classesOf(reference: FeatureSet, generated: FeatureSet): Readonly<Record<string, number>> {
  const lacking = [reference, generated].find(({ labels }) => labels === undefined);
  if (lacking !== undefined) {
    throw new GanKitError(
      'incompatible',
      `classes needs the class of every sample, and those of '${lacking.name}' have none; take data with classes and a generator that is told them.`,
      { value: lacking.name },
    );
  }
  const [real, told] = [reference.labels!, generated.labels!];
  const classes =
    Math.max(
      real.reduce((most, label) => Math.max(most, label), 0),
      told.reduce((most, label) => Math.max(most, label), 0),
    ) + 1;
  // A judge of the same kind for both questions, so that the numbers can be compared with its own on real data.
  const learned = (set: FeatureSet, labels: Int32Array) => linearDiscriminant(set.features, labels, classes);
  const test = classification(told, learned(reference, real).classify(generated.features), classes);
  const train = classification(real, learned(generated, told).classify(reference.features), classes);
  const own = classification(real, learned(reference, real).classify(reference.features), classes);
  const within = intraClassFrechet(
    { ...reference.features, labels: real },
    { ...generated.features, labels: told },
    classes,
  );
  return {
    ganTest: test.accuracy,
    ganTestError: test.standardError,
    ganTrain: train.accuracy,
    ganTrainError: train.standardError,
    realAccuracy: own.accuracy,
    intraFid: within.mean,
  };
}

/** The metrics by name. The first number of each is the one that says most. */
export const setMetrics = {
  fid: {
    title: 'Fréchet distance',
    description: 'how far mean and covariance of the features are from those of the data',
    source: 'Heusel et al. 2017',
    measure: ({ features: reference }, { features: generated }, { onNote }) => ({
      distance: frechetDistance(momentsOf(reference), momentsOf(generated), { onNote }),
    }),
  },
  'fid-infinity': {
    title: 'Fréchet distance without bias',
    description: 'the Fréchet distance that infinitely many generated samples would have',
    source: 'Chong and Forsyth 2020',
    measure(reference, generated, { random }) {
      const { distance, slope } = frechetInfinity(momentsOf(reference.features), generated.features, { random });
      return { distance, slope };
    },
  },
  kid: {
    title: 'Kernel distance',
    description: 'how far the features are from those of the data by a cubic kernel, unbiased for few samples',
    source: 'Binkowski et al. 2018',
    measure(reference, generated, { random }) {
      const { distance, standardError } = kernelDistance(reference.features, generated.features, { random });
      return { distance, ...(standardError === undefined ? {} : { standardError }) };
    },
  },
  'inception-score': {
    title: 'Inception score',
    description: 'samples that a classifier is sure of, of every class; it knows no data',
    source: 'Salimans et al. 2016',
    measure(reference, generated) {
      const splits = Math.min(10, generated.samples, reference.samples);
      const found = inceptionScore(probabilitiesOf(generated, 'inception-score'), { splits });
      const real = inceptionScore(probabilitiesOf(reference, 'inception-score'), { splits });
      return { score: found.score, standardDeviation: found.standardDeviation, ofReference: real.score };
    },
  },
  prdc: {
    title: 'Precision, recall, density and coverage',
    description: 'fidelity and diversity apart, by the 5 nearest neighbours of each sample',
    source: 'Kynkäänniemi et al. 2019; Naeem et al. 2020',
    measure: (reference, generated) => ({ ...prdc(reference.features, generated.features) }),
  },
  prd: {
    title: 'Precision and recall of distributions',
    description: 'F_8 (recall) and F_1/8 (precision) of the curve of all trades between both',
    source: 'Sajjadi et al. 2018',
    measure(reference, generated, { random }) {
      const curve = precisionRecallCurve(reference.features, generated.features, { random });
      return { f8: largestFScore(curve, 8), f1over8: largestFScore(curve, 1 / 8) };
    },
  },
  'sliced-wasserstein': {
    title: 'Sliced Wasserstein distance',
    description: 'what it costs to move the features onto those of the data, along 512 directions',
    source: 'Rabin et al. 2011',
    measure: (reference, generated, { random }) => ({
      distance: slicedWasserstein(reference.features, generated.features, { random }),
    }),
  },
  energy: {
    title: 'Energy distance',
    description: 'how much farther apart samples and data are than each among themselves',
    source: 'Székely and Rizzo 2013',
    measure: (reference, generated) => ({ distance: energyDistance(reference.features, generated.features) }),
  },
  modes: {
    title: 'Modes',
    description: 'how many modes of the data, or classes by the word of the extractor, are made, and how evenly',
    source: 'Srivastava et al. 2017; Lin et al. 2018',
    measure: modesOf,
  },
  classes: {
    title: 'Classes',
    description: 'for generators that are told classes: GAN-test, GAN-train, and the Fréchet distance within classes',
    source: 'Shmelkov et al. 2018; Miyato and Koyama 2018',
    measure: classesOf,
  },
} as const satisfies Readonly<Record<string, SetMetric>>;

export type SetMetricName = keyof typeof setMetrics;

export const setMetricNames = Object.keys(setMetrics) as readonly SetMetricName[] as readonly [
  SetMetricName,
  ...SetMetricName[],
];
