// The trials of a sweep by number: what an engine counts through. A trial trains one configuration with one seed, or the next rung of it.
import { checkInteger, GanKitError } from '@gankit/core';
import type { Recipe } from '@gankit/recipes';
import type { Configuration } from './configuration.ts';
import type { Sweep } from './sweep.ts';

/** A stage of successive halving; a sweep without has one. */
export interface Rung {
  /** The step at which its trials pause; absent where they are trained to their end. */
  readonly steps?: number | undefined;
  /** How many configurations are in it: the best of the rung before. */
  readonly configurations: number;
  /** The number of its first trial. */
  readonly first: number;
}

/** A sweep that was read and checked. */
export interface PlannedSweep {
  readonly sweep: Sweep;
  readonly configurations: readonly (Configuration & { readonly recipe: Recipe })[];
  readonly rungs: readonly [Rung, ...Rung[]];
  /** Trials of all rungs: they are numbered from 0 to one less. */
  readonly trials: number;
}

/** One trial. */
export interface Trial {
  readonly index: number;
  readonly rung: number;
  /** In the first rung the configuration's number, in later ones its place among the best of the rung before, from 0. */
  readonly place: number;
  readonly seed: number;
  /** The seed's place in the list of seeds. */
  readonly seedIndex: number;
}

/** The rungs of a sweep whose configurations make so many steps. */
export function rungsOf({ halving, seeds }: Sweep, configurations: number, steps: number): readonly [Rung, ...Rung[]] {
  if (halving === undefined || halving.first >= steps) return [{ configurations, first: 0 }];
  const { first, factor } = halving;
  const rungs: Rung[] = [];
  let [count, until, begins] = [configurations, first, 0];
  while (until < steps && count > 1) {
    rungs.push({ steps: until, configurations: count, first: begins });
    begins += count * seeds.length;
    count = Math.max(1, Math.floor(count / factor));
    until *= factor;
  }
  rungs.push({ configurations: count, first: begins });
  return rungs as unknown as [Rung, ...Rung[]];
}

/**
 * The trial of a number.
 * @throws GanKitError `invalid-argument` for a number that the sweep does not have.
 */
export function trialAt({ sweep, rungs, trials }: PlannedSweep, index: number): Trial {
  checkInteger('The number of a trial', index, 0);
  if (index >= trials) {
    throw new GanKitError(
      'invalid-argument',
      `The sweep has ${trials} trials, counted from 0 to ${trials - 1}; there is no trial ${index}.`,
      { value: index },
    );
  }
  const rung = rungs.filter(({ first }) => first <= index).length - 1;
  const { first, configurations } = rungs[rung]!;
  // The first seed of all comes first, so that half a sweep has something to say of each configuration.
  const seedIndex = Math.floor((index - first) / configurations);
  return { index, rung, place: (index - first) % configurations, seed: sweep.seeds[seedIndex]!, seedIndex };
}

/** The trials of a rung. */
export function trialsOf(plan: PlannedSweep, rung: number): readonly Trial[] {
  const { first, configurations } = plan.rungs[rung]!;
  return Array.from({ length: configurations * plan.sweep.seeds.length }, (_, at) => trialAt(plan, first + at));
}

/** The number of the run of a configuration and a seed: all rungs of the two are one run. */
export function runNumber({ configurations }: PlannedSweep, configuration: number, seedIndex: number): number {
  return seedIndex * configurations.length + configuration;
}
