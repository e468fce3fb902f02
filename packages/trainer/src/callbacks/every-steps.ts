import { checkInteger, type EventHandler } from '@gankit/core';

export interface EveryStepsOptions {
  /**
   * Whether it is done once more when the run ends between two of them: `always` (the default), only when all steps were made
   * (`completed`), or `never`. What is counted and saved must not depend on where a run was interrupted.
   */
  readonly atEnd?: 'always' | 'completed' | 'never' | undefined;
}

/**
 * A callback that does something every `every` steps.
 *
 * With a trainer that reads several steps at once it waits until the newest of them was told: only then do weights and step agree.
 * @throws GanKitError `invalid-argument` for an `every` below 1.
 */
export function everySteps(
  every: number,
  action: (step: number) => void | Promise<void>,
  { atEnd = 'always' }: EveryStepsOptions = {},
): EventHandler {
  checkInteger('every', every);
  let last = 0;
  return async (event, run) => {
    if (event.type === 'start' || event.type === 'rollback') last = event.step;
    const passed = Math.floor(event.step / every) > Math.floor(last / every);
    const ends = event.type === 'end' && event.step !== last;
    const due =
      (event.type === 'step' && event.step === run.step && passed) ||
      (ends && (atEnd === 'always' || (atEnd === 'completed' && event.reason === 'completed')));
    if (!due) return;
    last = event.step;
    await action(event.step);
  };
}
