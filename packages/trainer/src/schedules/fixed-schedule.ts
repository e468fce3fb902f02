import { checkInteger, checkOptions, type UpdateSchedule } from '@gankit/core';

export interface FixedScheduleOptions {
  /** Discriminator updates in each step (the k of Goodfellow 2014, algorithm 1); 1 by default. */
  readonly discriminatorUpdates?: number | undefined;
  /** Generator updates in each step; 1 by default. */
  readonly generatorUpdates?: number | undefined;
}

/**
 * The same number of updates in every step.
 * @throws GanKitError `invalid-argument` for a number that is not whole or is negative.
 */
export function fixedSchedule(options: FixedScheduleOptions = {}): UpdateSchedule {
  checkOptions('fixedSchedule', options, { discriminatorUpdates: 'optional', generatorUpdates: 'optional' });
  const { discriminatorUpdates = 1, generatorUpdates = 1 } = options;
  checkInteger('discriminatorUpdates', discriminatorUpdates, 0);
  checkInteger('generatorUpdates', generatorUpdates, 0);
  return () => ({ discriminatorUpdates, generatorUpdates });
}
