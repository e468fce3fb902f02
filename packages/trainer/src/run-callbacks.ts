// The callbacks of a run: begun before it, told of each event in turn, closed after it.
import {
  GanKitError,
  isStateful,
  type RunCallback,
  type Stateful,
  type StatefulParts,
  type TrainingCallback,
  type TrainingEvent,
  type TrainingRun,
} from '@gankit/core';

/** Callbacks that are functions have no name and need none. */
const objectsAmong = (callbacks: readonly TrainingCallback[]): readonly RunCallback[] =>
  callbacks.filter((callback): callback is RunCallback => typeof callback !== 'function');

/**
 * Everything that decides how a run goes on, by name.
 * @throws GanKitError `invalid-argument` when two callbacks with a state have one name.
 */
export function runParts(trainer: Stateful, data: unknown, callbacks: readonly TrainingCallback[]): StatefulParts {
  const parts: Record<string, Stateful> = { trainer };
  if (isStateful(data)) parts['data'] = data;
  for (const callback of objectsAmong(callbacks)) {
    if (!isStateful(callback)) continue;
    const name = callback.name.replaceAll('/', '-');
    if (Object.hasOwn(parts, name)) {
      throw new GanKitError(
        'invalid-argument',
        `Two parts of the run that have a state are called '${name}'; give one of the callbacks another name.`,
        { value: name },
      );
    }
    parts[name] = callback;
  }
  return parts;
}

export async function beginCallbacks(callbacks: readonly TrainingCallback[], run: TrainingRun): Promise<void> {
  for (const callback of objectsAmong(callbacks)) await callback.begin?.(run);
}

export async function tellCallbacks(
  callbacks: readonly TrainingCallback[],
  event: TrainingEvent,
  run: TrainingRun,
): Promise<void> {
  for (const callback of callbacks) {
    await (typeof callback === 'function' ? callback(event, run) : callback.onEvent(event, run));
  }
}

/** Closes all of them, also when one fails; then throws the first failure. */
export async function closeCallbacks(callbacks: readonly TrainingCallback[]): Promise<void> {
  const failures: unknown[] = [];
  for (const callback of objectsAmong(callbacks)) {
    try {
      await callback.close?.();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
