// Every metric by name: what can be measured of a generator while it trains.
import { type DataSource, GanKitError } from '@gankit/core';
import { entryOf, number, option, registry, wholeNumber } from '@gankit/core/registry';
import { modeCoverage } from '../mode-coverage.ts';

/** A measurement of samples, ready to be made again and again. */
export interface Metric {
  readonly name: string;
  /** Samples that it takes. */
  readonly samples: number;
  /**
   * @param values The samples one after another, in [-1, 1].
   * @returns Numbers by name.
   */
  measure(values: Float32Array): Readonly<Record<string, number>>;
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

/** Every metric. */
export const metrics = registry('metric', [
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
