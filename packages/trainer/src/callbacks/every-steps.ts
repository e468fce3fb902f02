import { checkInteger, type TrainingCallback } from '@gankit/core';

/** A callback that does something every `every` steps, and once more when the run ends between two of them. */
export function everySteps(every: number, action: (step: number) => void | Promise<void>): TrainingCallback {
  checkInteger('every', every);
  let last = -1;
  return async (event) => {
    if (event.type === 'start') last = event.step;
    const due = event.type === 'step' ? event.step % every === 0 : event.type === 'end' && event.step !== last;
    if (!due) return;
    last = event.step;
    await action(event.step);
  };
}
