import { checkInteger, checkOptions, type UpdateSchedule } from '@gankit/core';
import { withStateOf } from './with-state-of.ts';

export interface FreezeDiscriminatorOptions {
  /** Steps from the start of training in which the discriminator still learns; 0 freezes it from the beginning. */
  readonly after: number;
}

/**
 * A frozen discriminator: from step `after` on it makes no updates and only the generator learns, as many updates in a step as
 * the schedule gives it, and at least one. It shows what happens to a generator that trains against a judge that never learns.
 * @throws GanKitError `invalid-argument` for an `after` that is not whole or is negative.
 */
export function freezeDiscriminator(schedule: UpdateSchedule, options: FreezeDiscriminatorOptions): UpdateSchedule {
  checkOptions('freezeDiscriminator', options, { after: 'required' });
  const { after } = options;
  checkInteger('after', after, 0);
  return withStateOf(schedule, (game) => {
    const plan = schedule(game);
    if (game.step < after) return plan;
    return { discriminatorUpdates: 0, generatorUpdates: Math.max(1, plan.generatorUpdates) };
  });
}
