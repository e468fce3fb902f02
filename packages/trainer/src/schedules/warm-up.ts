import { checkInteger, checkOptions, type Player, type UpdateSchedule } from '@gankit/core';
import { withStateOf } from './with-state-of.ts';

export interface WarmUpOptions {
  /** The player that learns alone. */
  readonly player: Player;
  /** For how many steps from the start of training. */
  readonly steps: number;
  /** Its updates in each of these steps; 1 by default. */
  readonly updates?: number | undefined;
}

/**
 * Lets one player learn alone for the first steps; then the schedule decides. The schedule is not asked before, so an adaptive
 * one does not adapt to a game that only one side plays.
 * @throws GanKitError `invalid-argument` for numbers that are not whole or are below 1 (`steps`: below 0).
 */
export function warmUp(schedule: UpdateSchedule, options: WarmUpOptions): UpdateSchedule {
  checkOptions('warmUp', options, { player: 'required', steps: 'required', updates: 'optional' });
  const { player, steps, updates = 1 } = options;
  checkInteger('steps', steps, 0);
  checkInteger('updates', updates);
  const alone =
    player === 'discriminator'
      ? { discriminatorUpdates: updates, generatorUpdates: 0 }
      : { discriminatorUpdates: 0, generatorUpdates: updates };
  return withStateOf(schedule, (game) => (game.step < steps ? alone : schedule(game)));
}
