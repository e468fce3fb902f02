// What is known of a run of a sweep when it is over, or pauses between two rungs; and which configurations go on.
import { type PlannedSweep, runNumber, type Trial } from './trial.ts';

/** Numbers of metrics by name, such as `mode-coverage.modesFound`. */
export type Numbers = Readonly<Record<string, number>>;

/** How a run stands. Plain JSON. */
export interface Outcome {
  /** `paused` between two rungs. */
  readonly state: 'done' | 'paused' | 'failed';
  /** Steps made. */
  readonly step: number;
  /** How it ended, or why it failed, in one sentence. */
  readonly reason: string;
  /** The last measurement; empty for recipes without metrics. */
  readonly numbers: Numbers;
  /** What was measured where it paused. */
  readonly rungs: readonly { readonly step: number; readonly numbers: Numbers }[];
}

/** Outcomes by the number of the run; a run that is not over has none. */
export type Outcomes = ReadonlyMap<number, Outcome>;

/** What a run measured in a rung; `undefined` while it is not through, `failed` when it never will be. */
export function rungNumbers(
  plan: PlannedSweep,
  outcome: Outcome | undefined,
  rung: number,
): Numbers | 'failed' | undefined {
  const { steps } = plan.rungs[rung]!;
  const paused = steps === undefined ? undefined : outcome?.rungs.find(({ step }) => step === steps)?.numbers;
  if (paused !== undefined) return paused;
  if (outcome?.state === 'failed') return 'failed';
  return outcome?.state === 'done' ? outcome.numbers : undefined;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The configurations of a rung, in the order in which the rung before ranks them. One that failed with any seed comes after all that did
 * not; of two alike the one with the lower number comes first.
 * @returns `undefined` while a trial of the rung before is not through.
 */
export function configurationsIn(plan: PlannedSweep, rung: number, outcomes: Outcomes): readonly number[] | undefined {
  if (rung === 0) return plan.configurations.map(({ index }) => index);
  const before = configurationsIn(plan, rung - 1, outcomes);
  if (before === undefined) return undefined;
  const { goal, seeds } = plan.sweep;
  const ranked: { readonly configuration: number; readonly failed: number; readonly score: number }[] = [];
  for (const configuration of before) {
    const numbers = seeds.map((_, seed) =>
      rungNumbers(plan, outcomes.get(runNumber(plan, configuration, seed)), rung - 1),
    );
    if (numbers.includes(undefined)) return undefined;
    const values = numbers.flatMap((each) => (each === 'failed' ? [] : (each?.[goal!.metric] ?? [])));
    const score =
      values.length === 0 ? Number.NEGATIVE_INFINITY : meanOf(values) * (goal!.better === 'higher' ? 1 : -1);
    ranked.push({ configuration, failed: seeds.length - values.length, score });
  }
  return ranked
    .sort(
      (a, b) =>
        a.failed - b.failed || (a.score === b.score ? 0 : b.score - a.score) || a.configuration - b.configuration,
    )
    .slice(0, plan.rungs[rung]!.configurations)
    .map(({ configuration }) => configuration);
}

/** The run that a trial is about; `undefined` while the rung before is not through. */
export function runOfTrial(
  plan: PlannedSweep,
  { rung, place, seedIndex }: Trial,
  outcomes: Outcomes,
): number | undefined {
  const configuration = configurationsIn(plan, rung, outcomes)?.[place];
  return configuration === undefined ? undefined : runNumber(plan, configuration, seedIndex);
}
