// What every penalty has in common: how much it weighs and how often it is evaluated.
import { checkInteger, checkNumber, type Penalty, type Scheduled } from '@gankit/core';

/** Options of every penalty. */
export interface PenaltyOptions {
  /** How much the term counts in its player's objective: a number of at least 0, or a function of the step. */
  readonly weight?: Scheduled | undefined;
  /** Evaluated in every n-th update of its player, weighing n times as much there; 1 when absent. */
  readonly interval?: number | undefined;
}

/** The names of {@link PenaltyOptions}, for `checkOptions`. */
export const penaltyOptionNames = { weight: 'optional', interval: 'optional' } as const;

/** @throws GanKitError `invalid-argument` for a number that is not finite or below 0; a function is asked while training. */
function checkScheduled(what: string, value: Scheduled): void {
  if (typeof value !== 'function') checkNumber(what, value, 0);
}

/**
 * Name, weight and interval of a penalty, checked.
 * @param defaultWeight The weight when the options give none.
 * @throws GanKitError `invalid-argument` for a weight below 0 or an interval that is no whole number from 1.
 */
export function penaltyFields(
  name: string,
  options: PenaltyOptions,
  defaultWeight: number,
): Required<Pick<Penalty, 'name' | 'weight' | 'interval'>> {
  const { weight = defaultWeight, interval = 1 } = options;
  checkScheduled(`${name}'s weight`, weight);
  checkInteger(`${name}'s interval`, interval);
  return { name, weight, interval };
}

/**
 * Half of a factor such as gamma, also of one that changes with the step.
 * @param what The option's name, for the sentence.
 * @throws GanKitError `invalid-argument` for a number that is not finite or below 0.
 */
export function halved(what: string, value: Scheduled): Scheduled {
  checkScheduled(what, value);
  return typeof value === 'number' ? value / 2 : (step) => value(step) / 2;
}
