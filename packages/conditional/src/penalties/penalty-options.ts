// What every penalty has in common: how much it weighs and how often it is evaluated.
import { checkInteger, checkNumber, type Player, type Scheduled } from '@gankit/core';

/** Options of every penalty. */
export interface ConditionalPenaltyOptions {
  /** How much the term counts in its player's objective: a number of at least 0, or a function of the step. */
  readonly weight?: Scheduled | undefined;
  /** Evaluated in every n-th update of its player, weighing n times as much there; 1 when absent. */
  readonly interval?: number | undefined;
}

/** The names of these options, for a penalty's own list. */
export const penaltyNames = { weight: 'optional', interval: 'optional' } as const;

/** Whose objective a penalty may join. */
export const players: readonly Player[] = ['discriminator', 'generator'];

/** @throws GanKitError `invalid-argument` for a weight below 0, or an interval that is not a whole number of at least 1. */
export function checkPenalty(name: string, { weight, interval }: ConditionalPenaltyOptions): void {
  if (typeof weight === 'number') checkNumber(`${name}'s weight`, weight, 0);
  if (interval !== undefined) checkInteger(`${name}'s interval`, interval);
}
