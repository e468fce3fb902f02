// One table of a sweep: a row for each configuration, with mean and spread over its seeds, whatever part of it is over.
import { meanOf, type Numbers, type Outcome, type Outcomes } from './outcome.ts';
import { type PlannedSweep, runNumber } from './trial.ts';

/** A number over the seeds of a configuration. */
export interface Spread {
  readonly mean: number;
  /** The standard deviation of the seeds, with n - 1; absent for one seed. */
  readonly deviation?: number | undefined;
  /** Seeds that have it. */
  readonly count: number;
}

/** A configuration of a sweep and what came of it. Plain JSON. */
export interface ReportRow {
  readonly configuration: number;
  readonly values: Readonly<Record<string, string>>;
  /** Steps that it was trained; the fewest of its seeds that did not fail. */
  readonly steps: number;
  /** Seeds whose run is over (or paused for good, where halving chose others), failed, or neither yet. */
  readonly seeds: { readonly done: number; readonly failed: number; readonly open: number };
  /** Every number that was measured. */
  readonly numbers: Readonly<Record<string, Spread>>;
  /** Why seeds failed, each reason once. */
  readonly failures: readonly string[];
}

/** What is known of a sweep. Plain JSON. */
export interface SweepReport {
  /** What differs, by name. */
  readonly variables: readonly string[];
  /** The names of all numbers, in the order in which they were measured. */
  readonly numbers: readonly string[];
  readonly goal?: PlannedSweep['sweep']['goal'];
  /** The best first where the sweep has a goal, those that are not over last. */
  readonly rows: readonly ReportRow[];
  readonly runs: { readonly all: number; readonly done: number; readonly failed: number; readonly open: number };
}

/** Mean and standard deviation. @param values At least one. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = meanOf(values);
  if (values.length === 1) return { mean, count: 1 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)), count: values.length };
}

function rowOf(
  plan: PlannedSweep,
  { index, values }: PlannedSweep['configurations'][number],
  outcomes: Outcomes,
): ReportRow {
  const runs = plan.sweep.seeds.map((_, seed) => outcomes.get(runNumber(plan, index, seed)));
  const over = runs.filter((run): run is Outcome => run !== undefined && run.state !== 'failed');
  const failed = runs.filter((run) => run?.state === 'failed');
  const steps = over.length === 0 ? 0 : Math.min(...over.map(({ step }) => step));
  // Seeds that are further than others measured something else.
  const alike = over.flatMap((run): readonly Numbers[] => {
    if (run.step === steps) return [run.numbers];
    return run.rungs.flatMap(({ step, numbers }) => (step === steps ? [numbers] : []));
  });
  const names = [...new Set(alike.flatMap((numbers) => Object.keys(numbers)))];
  return {
    configuration: index,
    values,
    steps,
    seeds: { done: over.length, failed: failed.length, open: runs.length - over.length - failed.length },
    numbers: Object.fromEntries(names.map((name) => [name, spreadOf(alike.flatMap((numbers) => numbers[name] ?? []))])),
    failures: [...new Set(failed.map((run) => run!.reason))],
  };
}

/** What is known of a sweep now, from what its runs have left: nothing of it need be over. */
export function sweepReport(plan: PlannedSweep, outcomes: Outcomes): SweepReport {
  const rows = plan.configurations.map((configuration) => rowOf(plan, configuration, outcomes));
  const { goal, vary } = plan.sweep;
  const score = ({ numbers }: ReportRow) => {
    const mean = goal && numbers[goal.metric]?.mean;
    if (mean === undefined || Number.isNaN(mean)) return Number.NEGATIVE_INFINITY;
    return goal?.better === 'higher' ? mean : -mean;
  };
  const halved = plan.rungs.length > 1;
  const better = (a: ReportRow, b: ReportRow) =>
    (halved && b.steps - a.steps) ||
    (score(a) === score(b) ? 0 : score(b) - score(a)) ||
    a.configuration - b.configuration;
  const count = (state: keyof ReportRow['seeds']) => rows.reduce((sum, { seeds }) => sum + seeds[state], 0);
  return {
    variables: vary.map(({ name }) => name),
    numbers: [...new Set(rows.flatMap(({ numbers }) => Object.keys(numbers)))],
    ...(goal === undefined ? {} : { goal }),
    rows: goal === undefined ? rows : [...rows].sort(better),
    runs: {
      all: plan.configurations.length * plan.sweep.seeds.length,
      done: count('done'),
      failed: count('failed'),
      open: count('open'),
    },
  };
}
