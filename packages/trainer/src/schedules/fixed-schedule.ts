import { checkInteger, type UpdateSchedule } from '@gankit/core';

export interface FixedScheduleOptions {
  /** Discriminator updates in each step (the k of Goodfellow 2014, algorithm 1); 1 by default. */
  readonly discriminatorUpdates?: number;
  /** Generator updates in each step; 1 by default. */
  readonly generatorUpdates?: number;
}

/**
 * The same number of updates in every step.
 * @throws GanKitError `invalid-argument` for a number that is not whole or is negative.
 */
export function fixedSchedule({
  discriminatorUpdates = 1,
  generatorUpdates = 1,
}: FixedScheduleOptions = {}): UpdateSchedule {
  checkInteger('discriminatorUpdates', discriminatorUpdates, 0);
  checkInteger('generatorUpdates', generatorUpdates, 0);
  return () => ({ discriminatorUpdates, generatorUpdates });
}
