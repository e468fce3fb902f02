import { isStateful, type Stateful, type UpdateSchedule } from '@gankit/core';

/** Gives a schedule that wraps another the state of the inner one, if that has any. */
export function withStateOf(inner: UpdateSchedule, outer: UpdateSchedule): UpdateSchedule {
  if (!isStateful(inner)) return outer;
  const state: Stateful = {
    saveState: () => inner.saveState(),
    loadState: (saved) => inner.loadState(saved),
  };
  return Object.assign(outer, state);
}
