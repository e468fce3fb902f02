// Every metric by name: what can be measured of a generator while it trains.
import { type DataSource, GanKitError, RandomStream } from '@gankit/core';
import { choice, entryOf, number, option, registry, wholeNumber } from '@gankit/core/registry';
import { evaluate } from '../evaluation.ts';
import { extractFeatures, type FeatureSet } from '../feature-set.ts';
import { modeCoverage } from '../mode-coverage.ts';
import { arrayBatches, dataBatches } from '../sample-batches.ts';
import { type SetMetricName, setMetrics } from '../set-metrics.ts';
import { extractors, suitedExtractor } from './extractors.ts';

/** A measurement of samples, ready to be made again and again. */
export interface Metric {
  readonly name: string;
  /** Samples that it takes. */
  readonly samples: number;
  /**
   * @param values The samples one after another, in [-1, 1].
   * @param labels The class that each was told; absent for a generator that is told none.
   * @returns Numbers by name.
   */
  measure(
    values: Float32Array,
    labels?: readonly number[],
  ): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
}

/** What a metric compares with. */
export interface MetricContext {
  readonly source: DataSource;
}

interface Modes {
  readonly modes: readonly (readonly number[])[];
  readonly standardDeviation: number;
}

const metric = entryOf<Metric, MetricContext>();

const samplesOption = option(wholeNumber({ minimum: 2, maximum: 1_000_000 }), {
  default: 2000,
  description: 'samples that are judged, and real ones that they are judged by',
});

const extractorOption = option(choice(['auto', 'digits', 'pixels', 'values']), {
  default: 'auto',
  description: 'what turns samples into features; the one that suits the data when auto',
});

/** @throws GanKitError `incompatible` for a metric that these data, or this extractor, cannot give what it needs. */
function checkPossible(name: SetMetricName, extractor: 'digits' | 'pixels' | 'values', data: DataSource): void {
  const refuse = (why: string) => {
    throw new GanKitError('incompatible', why, { value: data.name });
  };
  if (extractor !== 'values' && data.kind !== 'images') {
    refuse(`The extractor '${extractor}' looks at pictures, and '${data.name}' has none; take 'values'.`);
  }
  const classifies = extractor === 'digits' || (name === 'modes' && 'modes' in data);
  if (['inception-score', 'modes'].includes(name) && !classifies) {
    refuse(
      `${name} needs an extractor that classifies, and '${extractor}' does not; take 'digits', or another metric.`,
    );
  }
  if (name === 'classes' && data.classNames === undefined) {
    refuse(`The metric classes needs data with classes, and '${data.name}' has none; take another metric.`);
  }
}

/** A metric of features. Those of the data are taken once, when it is measured first. */
function featureMetric<const Name extends SetMetricName>(name: Name) {
  const { title, description, source } = setMetrics[name];
  return metric({
    name,
    title,
    description,
    source,
    options: { samples: samplesOption, extractor: extractorOption },
    create({ samples, extractor: chosen }, { source: data }: MetricContext) {
      const named = { name: chosen === 'auto' ? suitedExtractor(data) : chosen } as const;
      checkPossible(name, named.name, data);
      const { modes, standardDeviation } = data as DataSource & Partial<Modes>;
      const known = modes === undefined || standardDeviation === undefined ? undefined : { modes, standardDeviation };
      let reference: FeatureSet | undefined;
      return {
        name,
        samples,
        async measure(values, labels) {
          // Its weights are read anew each time, so that nobody has to free them.
          const extractor = await extractors.create(named, data);
          try {
            reference ??= await extractFeatures(extractor, dataBatches(data, new RandomStream('reference')), {
              name: data.name,
              samples: Math.min(samples, data.size ?? samples),
              modes: known,
            });
            const generated = await extractFeatures(extractor, arrayBatches(values, data.shape, labels), {
              name: 'the generator',
            });
            const { numbers } = await evaluate(reference, generated, { metrics: [name] });
            return Object.fromEntries(
              Object.entries(numbers).map(([number, value]) => [number.slice(name.length + 1), value]),
            );
          } finally {
            extractor.dispose();
          }
        },
      };
    },
  });
}

/** Every metric. */
export const metrics = registry('metric', [
  featureMetric('fid'),
  featureMetric('fid-infinity'),
  featureMetric('kid'),
  featureMetric('inception-score'),
  featureMetric('prdc'),
  featureMetric('prd'),
  featureMetric('sliced-wasserstein'),
  featureMetric('energy'),
  featureMetric('modes'),
  featureMetric('classes'),
  metric({
    name: 'mode-coverage',
    title: 'Mode coverage',
    description: 'what share of a known distribution was learned: modes found, samples on them, evenness',
    source: 'Srivastava et al. 2017 (VEEGAN); Lin et al. 2018 (PacGAN)',
    options: {
      samples: option(wholeNumber({ maximum: 1_000_000 }), { default: 2500, description: 'samples that are judged' }),
      within: option(number({ minimum: 0 }), {
        default: 3,
        description: 'standard deviations within which a sample lies on a mode, above 0',
      }),
      samplesToFind: option(wholeNumber(), { default: 1, description: 'samples on a mode for it to be found' }),
    },
    create({ samples, within, samplesToFind }, { source }: MetricContext) {
      const { modes, standardDeviation } = source as DataSource & Partial<Modes>;
      if (modes === undefined || standardDeviation === undefined) {
        throw new GanKitError(
          'incompatible',
          `mode-coverage needs data whose modes are known, such as ring or grid, and '${source.name}' has none.`,
          { value: source.name },
        );
      }
      const options = { modes, standardDeviation, within, samplesToFind, scale: source.scale ?? 1 };
      return {
        name: 'mode-coverage',
        samples,
        measure(values) {
          const { modesFound, highQualityShare, reverseKl } = modeCoverage(values, options);
          return { modesFound, highQualityShare, reverseKl };
        },
      };
    },
  }),
]);
