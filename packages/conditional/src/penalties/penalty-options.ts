// What every penalty has in common: how much it weighs and how often it is evaluated.
import { checkInteger, checkNumber, type Penalty, type Player, type Scheduled } from '@gankit/core';

/** Options of every penalty. */
export interface ConditionalPenaltyOptions {
  /** How much the term counts in its player's objective: a number of at least 0, or a function of the step. */
  readonly weight?: Scheduled;
  /** Evaluated in every n-th update of its player, weighing n times as much there; 1 when absent. */
  readonly interval?: number;
}

/** The fields that are the same in every penalty, checked. */
export function penaltyFields(
  name: string,
  player: Player,
  options: ConditionalPenaltyOptions,
  defaultWeight: number,
): Omit<Penalty, 'term'> {
  const { weight = defaultWeight, interval = 1 } = options;
  if (typeof weight === 'number') checkNumber(`${name}'s weight`, weight, 0);
  checkInteger(`${name}'s interval`, interval);
  return { name, player, weight, interval, needsHeads: [], needsRealOutput: false, needsLatent: false };
}
