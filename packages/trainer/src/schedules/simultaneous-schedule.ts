import { checkInteger, checkOptions, type UpdateSchedule } from '@gankit/core';

export interface SimultaneousScheduleOptions {
  /** Joint updates in each step; 1 by default. */
  readonly updates?: number | undefined;
}

/**
 * Both players are updated at once, with both gradients from one forward pass of the same fakes: neither answers the other's
 * newest move. This is simultaneous gradient descent, the dynamics that Mescheder 2017 analyses, and the loop of Chainer's
 * DCGAN example.
 * @throws GanKitError `invalid-argument` for a number of updates that is not whole or is below 1.
 */
export function simultaneousSchedule(options: SimultaneousScheduleOptions = {}): UpdateSchedule {
  checkOptions('simultaneousSchedule', options, { updates: 'optional' });
  const { updates = 1 } = options;
  checkInteger('updates', updates);
  const plan = { discriminatorUpdates: updates, generatorUpdates: updates, simultaneous: true };
  return Object.assign(() => plan, { simultaneous: true });
}
