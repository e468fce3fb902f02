import { isStateful, type Stateful, type UpdateSchedule } from '@gankit/core';

/** Gives a schedule that wraps another the state of the inner one, if that has any, and what the inner one says of itself. */
export function withStateOf(
  inner: UpdateSchedule,
  outer: (...game: Parameters<UpdateSchedule>) => ReturnType<UpdateSchedule>,
): UpdateSchedule {
  const { simultaneous, steeredBy } = inner;
  const wrapped = Object.assign(outer, { simultaneous, steeredBy });
  if (!isStateful(inner)) return wrapped;
  const state: Stateful = {
    saveState: () => inner.saveState(),
    loadState: (saved) => inner.loadState(saved),
  };
  return Object.assign(wrapped, state);
}
