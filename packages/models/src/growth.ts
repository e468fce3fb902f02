// The position of a growing network: set by hand, or by its schedule from the step; saved in checkpoints.
import { checkNumber, GanKitError, type State, type Stateful } from '@gankit/core';
import type { GrowthPosition, GrowthSchedule } from './progressive-schedule.ts';

/** What a progressive generator or discriminator has besides what every player has. */
export interface Growing extends Stateful {
  /** The heights in pixels that it can work at, from the smallest on. */
  readonly resolutions: readonly number[];
  /** Where it stands. */
  growth(): GrowthPosition;
  /**
   * Puts it at a position. A schedule takes it elsewhere in the next pass that has a step.
   * @throws GanKitError `invalid-argument` for a resolution that it does not have, or an alpha outside 0 to 1.
   */
  setGrowth(position: GrowthPosition): void;
}

/** The position, and how a pass finds its stage. */
export interface Growth extends Growing {
  /** The index of the resolution of a pass and its alpha, after the schedule was asked about the step, if there are both. */
  at(step: number | undefined): { readonly stage: number; readonly alpha: number };
}

/** A position that starts where the schedule starts, or at the full resolution when there is none. */
export function growthOf(name: string, resolutions: readonly number[], schedule: GrowthSchedule | undefined): Growth {
  let position: GrowthPosition = { resolution: resolutions.at(-1)!, alpha: 1 };
  const setGrowth = ({ resolution, alpha }: GrowthPosition) => {
    if (!resolutions.includes(resolution)) {
      throw new GanKitError(
        'invalid-argument',
        `${name} has no resolution of ${resolution} pixels; choose one of ${resolutions.join(', ')}.`,
        { value: resolution },
      );
    }
    checkNumber('alpha', alpha, 0, 1);
    position = { resolution, alpha };
  };
  if (schedule !== undefined) setGrowth(schedule(0));
  return {
    resolutions,
    growth: () => position,
    setGrowth,
    at(step) {
      if (schedule !== undefined && step !== undefined) setGrowth(schedule(step));
      return { stage: resolutions.indexOf(position.resolution), alpha: position.alpha };
    },
    async saveState(): Promise<State> {
      return { values: { ...position } };
    },
    loadState({ values }) {
      const { resolution, alpha } = values ?? {};
      if (typeof resolution !== 'number' || typeof alpha !== 'number') {
        throw new GanKitError('incompatible', `The saved state has no growth for ${name}; it belongs to another part.`);
      }
      setGrowth({ resolution, alpha });
    },
  };
}
