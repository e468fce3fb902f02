// What every penalty has in common: how much it weighs and how often it is evaluated.
import { checkInteger, checkNumber, type Penalty, type Scheduled } from '@gankit/core';

/** Options of every penalty. */
export interface PenaltyOptions {
  /** How much the term counts in its player's objective: a number of at least 0, or a function of the step. */
  readonly weight?: Scheduled;
  /** Evaluated in every n-th update of its player, weighing n times as much there; 1 when absent. */
  readonly interval?: number;
}

/**
 * The fields that are the same in every penalty, checked.
 * @param defaultWeight The weight when the options give none.
 */
export function penaltyFields(
  name: string,
  options: PenaltyOptions,
  defaultWeight: number,
): Pick<Penalty, 'name' | 'weight' | 'interval' | 'needsHeads' | 'needsRealOutput' | 'needsLatent'> {
  const { weight = defaultWeight, interval = 1 } = options;
  if (typeof weight === 'number') checkNumber(`${name}'s weight`, weight, 0);
  checkInteger(`${name}'s interval`, interval);
  return { name, weight, interval, needsHeads: [], needsRealOutput: false, needsLatent: false };
}

/** gamma / 2, also for a gamma that changes with the step. */
export function halved(gamma: Scheduled): Scheduled {
  return typeof gamma === 'number' ? gamma / 2 : (step) => gamma(step) / 2;
}
