// One evaluation: numbers, and all that they depend on, so that two of them are compared only when they can be.
import { checkChoice, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import { checkSameExtractor, type ExtractorIdentity } from './extractors/feature-extractor.ts';
import type { FeatureSet } from './feature-set.ts';
import { type SetMetricName, setMetricNames, setMetrics } from './set-metrics.ts';

/** One side of an evaluation. */
export interface EvaluatedSet {
  readonly name: string;
  readonly samples: number;
  /** Shape of a sample. */
  readonly shape: readonly number[];
}

/** Plain JSON. */
export interface Evaluation {
  /** The version of the metrics: numbers of two versions are not compared. */
  readonly version: number;
  /** Numbers by metric and name: `fid.distance`, `prdc.recall`. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly reference: EvaluatedSet;
  readonly generated: EvaluatedSet;
  readonly extractor: ExtractorIdentity;
  /** Of what the metrics draw: blocks, directions, clusters. */
  readonly seed: number;
  /** What makes a number less worth, a sentence each. */
  readonly notes: readonly string[];
}

/** Raised when a metric begins to give other numbers. */
export const metricsVersion = 1;

export interface EvaluateOptions {
  /** In the order in which they are measured. */
  readonly metrics: readonly SetMetricName[];
  readonly seed?: number | undefined;
  /** Told each metric before it is measured. */
  readonly onProgress?: ((metric: SetMetricName) => void) | undefined;
  /** Ends it between two metrics, with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

const sideOf = ({ name, samples, shape }: FeatureSet): EvaluatedSet => ({ name, samples, shape });

/** Lets a page draw and a signal arrive. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Measures one set against another.
 * @throws GanKitError `incompatible` for sets of different extractors, or that lack what a metric needs; `unknown-name` for a metric that does
 *   not exist; the signal's reason when it is aborted.
 */
export async function evaluate(
  reference: FeatureSet,
  generated: FeatureSet,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkOptions('evaluate', options, {
    metrics: 'required',
    seed: 'optional',
    onProgress: 'optional',
    signal: 'optional',
  });
  const { metrics, seed = 1, onProgress, signal } = options;
  for (const name of metrics) checkChoice('metric', name, setMetricNames);
  checkSameExtractor(reference.extractor, generated.extractor);
  const random = new RandomStream(seed);
  const numbers: Record<string, number> = {};
  const notes: string[] = [];
  for (const name of metrics) {
    onProgress?.(name);
    await breath();
    signal?.throwIfAborted();
    const found: Readonly<Record<string, number>> = setMetrics[name].measure(reference, generated, {
      random: random.fork(name),
      onNote: (sentence) => notes.push(`${name}: ${sentence}`),
    });
    for (const [number, value] of Object.entries(found)) numbers[`${name}.${number}`] = value;
  }
  if (
    generated.samples !== reference.samples &&
    metrics.some((name) => ['fid', 'prdc', 'prd', 'inception-score'].includes(name))
  ) {
    notes.push(
      `${reference.samples} real and ${generated.samples} generated samples: compare only with numbers of as many of both.`,
    );
  }
  return {
    version: metricsVersion,
    numbers,
    reference: sideOf(reference),
    generated: sideOf(generated),
    extractor: reference.extractor,
    seed,
    notes,
  };
}

/**
 * How numbers changed from one evaluation to another, for those that both have.
 * @throws GanKitError `incompatible` when they cannot be compared: another extractor, other data, another number of samples, another version.
 */
export function changeBetween(before: Evaluation, after: Evaluation): Readonly<Record<string, number>> {
  checkSameExtractor(before.extractor, after.extractor);
  const facts = ({ version, reference, generated }: Evaluation) => [
    ['the version of the metrics', version],
    ['the data', reference.name],
    ['the number of real samples', reference.samples],
    ['the number of generated samples', generated.samples],
  ];
  const others = facts(after);
  for (const [index, [what, value]] of facts(before).entries()) {
    const other = others[index]![1];
    if (value === other) continue;
    throw new GanKitError(
      'incompatible',
      `Two evaluations differ in ${what} (${value} and ${other}), so their numbers cannot be compared; evaluate both alike.`,
      { value: other },
    );
  }
  return Object.fromEntries(
    Object.entries(after.numbers)
      .filter(([name]) => name in before.numbers)
      .map(([name, value]) => [name, value - before.numbers[name]!]),
  );
}
