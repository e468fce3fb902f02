// What a run measures of its generator, always of the same latents, and what it does about it.

import { labelTensor } from '@gankit/conditional';
import {
  type Condition,
  type DataSource,
  disposeParts,
  GanKitError,
  type Generator,
  generateSamples,
  type RandomStream,
  type RunCallback,
} from '@gankit/core';
import { type Metric, metrics } from '@gankit/metrics/registry';
import { type EarlyStopping, earlyStopping } from '@gankit/trainer';
import type { ResolvedRecipe } from './resolve-recipe.ts';

/** One measurement: numbers by metric and name, `mode-coverage.modesFound`. */
export type Measurement = Readonly<Record<string, number>>;

export interface MeasurementOptions {
  readonly source: DataSource;
  /** The generator that is measured. */
  readonly generator: () => Generator;
  /** Steps between two measurements, as it is now. */
  readonly every: () => number;
  /** Every measurement draws the same latents from a fork of it. */
  readonly random: RandomStream;
  /** What is done with a measurement. */
  readonly onMeasure: (step: number, measurement: Measurement) => void | Promise<void>;
}

/** The measurements of a run. */
export interface Measurements {
  /** The generator as it is now, by every metric of the recipe; at most once for each step. */
  measure(step: number): Promise<Measurement>;
  /** Measures as training goes on, and ends the run when the recipe says so. */
  readonly callbacks: readonly RunCallback[];
}

/** Labels in turn, for a generator that is told classes. */
function toldInTurn(generator: Generator, classes: number | undefined, count: number): readonly number[] | undefined {
  if (classes === undefined || !generator.needs?.includes('class')) return undefined;
  return Array.from({ length: count }, (_, index) => index % classes);
}

/**
 * Puts the metrics of a recipe together.
 * @throws GanKitError `incompatible` for a metric that the data do not allow, `unknown-name` for early stopping by a metric that is
 *   not measured.
 */
export function recipeMeasurements(recipe: ResolvedRecipe, options: MeasurementOptions): Measurements {
  const { source, generator, every, random, onMeasure } = options;
  const made: readonly Metric[] = recipe.metrics.map((part) => metrics.create(part, { source }));
  let last: { readonly step: number; readonly measurement: Measurement } | undefined;
  async function measure(step: number): Promise<Measurement> {
    if (last?.step === step) return last.measurement;
    const found: Record<string, number> = {};
    for (const metric of made) {
      const current = generator();
      const classes = source.classNames?.length;
      const told = toldInTurn(current, classes, metric.samples);
      const condition: Condition | undefined = told && { labels: labelTensor([...told], classes!) };
      try {
        const { values } = await generateSamples(current, metric.samples, {
          random: random.fork(metric.name),
          condition,
        });
        const numbers = await metric.measure(values, told);
        for (const [name, value] of Object.entries(numbers)) found[`${metric.name}.${name}`] = value;
      } finally {
        disposeParts(condition?.labels);
      }
    }
    last = { step, measurement: found };
    return found;
  }

  const { early } = recipe.stopping;
  if (early !== undefined) checkMetric('stopping.early', early.metric, made);
  if (recipe.best !== undefined) checkMetric('best', recipe.best.metric, made);
  const measuring: RunCallback = {
    name: 'measurements',
    async onEvent(event, run) {
      const due = event.type === 'step' && event.step % every() === 0;
      // A run that was broken off goes on; what is due then is measured then.
      const over = event.type === 'end' && event.reason !== 'aborted';
      if (!due && !over) return;
      if (run.step !== event.step || (over && last?.step === event.step)) return;
      await onMeasure(event.step, await measure(event.step));
    },
  };
  const stopping: EarlyStopping | undefined =
    early &&
    earlyStopping({
      measure: async (step) => {
        const value = (await measure(step))[early.metric];
        if (value !== undefined) return value;
        const known = Object.keys(await measure(step));
        throw new GanKitError(
          'unknown-name',
          `There is no number '${early.metric}'; choose one of: ${known.join(', ')}`,
          {
            value: early.metric,
          },
        );
      },
      better: early.better,
      every: recipe.measureEvery,
      patience: early.patience,
    });
  return {
    measure,
    callbacks: [...(made.length > 0 ? [measuring] : []), ...(stopping === undefined ? [] : [stopping])],
  };
}

/** A metric that nobody measures would be found out in the middle of the run. */
function checkMetric(what: string, name: string, made: readonly Metric[]): void {
  if (made.some((metric) => name.startsWith(`${metric.name}.`))) return;
  const known = made.map((metric) => metric.name);
  throw new GanKitError(
    'incompatible',
    `${what} goes by '${name}', which is not among the recipe's metrics (${known.join(', ') || 'there are none'}); add it there.`,
    { value: name },
  );
}
