// What an optimiser made of a rule saves besides its tensors.
import { GanKitError, type State } from '@gankit/core';

/** The error for a state that this optimiser cannot take. */
export function mismatch(optimizer: string, why: string): GanKitError {
  return new GanKitError(
    'incompatible',
    `The saved state does not fit this ${optimizer} optimiser: ${why}; use the options that it was saved with.`,
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/**
 * The plain values of a state that an optimiser made of a rule saved, checked.
 * @throws GanKitError `incompatible` when another optimiser saved it, or a value is damaged.
 */
export function savedValues(state: State, optimizer: string) {
  const { optimizer: savedBy, iterations, step, steps, learningRate, learningRateFactor = 1 } = state.values ?? {};
  if (savedBy !== optimizer) throw mismatch(optimizer, `it was saved by '${String(savedBy)}'`);
  if (!isCount(iterations)) throw mismatch(optimizer, `its iteration count is ${String(iterations)}`);
  if (step !== undefined && !isCount(step)) throw mismatch(optimizer, `its training step is ${String(step)}`);
  if (typeof steps !== 'object' || steps === null || !Object.values(steps).every(isCount)) {
    throw mismatch(optimizer, 'its step counts are missing or damaged');
  }
  if (learningRate !== undefined && typeof learningRate !== 'number') {
    throw mismatch(optimizer, `its learning rate is ${String(learningRate)}`);
  }
  if (typeof learningRateFactor !== 'number') {
    throw mismatch(optimizer, `its learning rate factor is ${String(learningRateFactor)}`);
  }
  return { iterations, step, steps: steps as Readonly<Record<string, number>>, learningRate, learningRateFactor };
}
