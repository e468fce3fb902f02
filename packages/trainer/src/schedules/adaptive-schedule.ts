// Adaptive k: the player that falls behind gets more updates.
import {
  checkInteger,
  checkNumber,
  checkOptions,
  type GameState,
  GanKitError,
  type Stateful,
  type UpdatePlan,
  type UpdateSchedule,
} from '@gankit/core';

/** Bounds of a player's updates in one step. */
export interface UpdateBounds {
  /** At least 1; 1 by default. */
  readonly minimum?: number | undefined;
  /** At least `minimum`; 5 by default. */
  readonly maximum?: number | undefined;
}

export interface AdaptiveScheduleOptions {
  /**
   * What the game is steered to. `discriminatorAccuracy`: the share of its right decisions on real and on generated samples, in the
   * sense of the loss at hand, above 0 and below 1. `lossRatio`: L_D / L_G without penalties, above 0, for losses that are never
   * negative. An accuracy of 0.75 by default.
   */
  readonly target?: { readonly discriminatorAccuracy: number } | { readonly lossRatio: number } | undefined;
  /** Bounds of the discriminator's updates; 1 to 5 by default. */
  readonly discriminator?: UpdateBounds | undefined;
  /** Bounds of the generator's updates; 1 to 5 by default. */
  readonly generator?: UpdateBounds | undefined;
  /** Decay of the exponential moving average of what is measured, from 0 (none) to below 1; 0.9 by default. */
  readonly smoothing?: number | undefined;
  /**
   * How fast the updates follow, above 0: by how many updates the balance moves in one step when the accuracy is off by 1, or
   * the loss ratio by a factor of e; 0.5 by default.
   */
  readonly speed?: number | undefined;
}

/** A schedule with a state that checkpoints hold. */
export type StatefulSchedule = UpdateSchedule & Stateful;

function boundsOf(player: string, { minimum = 1, maximum = Math.max(5, minimum) }: UpdateBounds = {}) {
  checkInteger(`The ${player}'s minimum of updates`, minimum);
  checkInteger(`The ${player}'s maximum of updates`, maximum, minimum);
  return { minimum, maximum };
}

/** How to read what is steered, and how weak the discriminator is when it reads `measured`: above 0, it needs more updates. */
function goalOf(target: NonNullable<AdaptiveScheduleOptions['target']>) {
  if ('discriminatorAccuracy' in target) {
    const { discriminatorAccuracy } = target;
    checkNumber('discriminatorAccuracy', discriminatorAccuracy, Number.MIN_VALUE, 1 - Number.EPSILON);
    return {
      read: ({ accuracy }: GameState) => accuracy,
      weakness: (measured: number) => discriminatorAccuracy - measured,
    };
  }
  const { lossRatio } = target;
  checkNumber('lossRatio', lossRatio, Number.MIN_VALUE);
  return {
    read: ({ discriminator, generator }: GameState) => {
      const [discriminatorLoss, generatorLoss] = [discriminator?.adversarialLoss, generator?.adversarialLoss];
      if (discriminatorLoss === undefined || generatorLoss === undefined) return undefined;
      if (discriminatorLoss > 0 && generatorLoss > 0) return Math.log(discriminatorLoss / generatorLoss);
      throw new GanKitError(
        'incompatible',
        `A schedule by loss ratio needs losses above 0, not ${discriminatorLoss} and ${generatorLoss}; take discriminatorAccuracy as the target.`,
        { value: Math.min(discriminatorLoss, generatorLoss) },
      );
    },
    weakness: (measured: number) => measured - Math.log(lossRatio),
  };
}

/**
 * Adapts how many updates each player makes to the state of the game, by an integral controller: the measured value m is an
 * exponential moving average, and in each step
 *
 * balance <- clip(balance + speed * weakness(m)),
 *
 * where the weakness is `target - accuracy`, or `ln(L_D / L_G) - ln(target)`. A balance above 0 is the number of updates that the
 * discriminator makes beyond its minimum, below 0 those that the generator makes beyond its own (both rounded); it starts at 0
 * and is clipped where the bounds are. A step whose numbers are unknown moves nothing. A loss without a line between real
 * and generated (an energy) has no accuracy, and a trainer refuses the two together: steer by the loss ratio.
 *
 * @throws GanKitError `invalid-argument` for options out of range; `incompatible`, when it is asked, for a loss ratio with a
 *   loss that is not above 0.
 */
export function adaptiveSchedule(options: AdaptiveScheduleOptions = {}): StatefulSchedule {
  checkOptions('adaptiveSchedule', options, {
    target: 'optional',
    discriminator: 'optional',
    generator: 'optional',
    smoothing: 'optional',
    speed: 'optional',
  });
  const { target = { discriminatorAccuracy: 0.75 }, smoothing = 0.9, speed = 0.5 } = options;
  const discriminator = boundsOf('discriminator', options.discriminator);
  const generator = boundsOf('generator', options.generator);
  checkNumber('smoothing', smoothing, 0, 1 - Number.EPSILON);
  checkNumber('speed', speed, Number.MIN_VALUE);
  const { read, weakness } = goalOf(target);
  const lowest = generator.minimum - generator.maximum;
  const highest = discriminator.maximum - discriminator.minimum;
  let balance = 0;
  let average: number | undefined;

  const schedule = (game: GameState): UpdatePlan => {
    const measured = read(game);
    if (measured !== undefined) {
      average = average === undefined ? measured : smoothing * average + (1 - smoothing) * measured;
      balance = Math.min(highest, Math.max(lowest, balance + speed * weakness(average)));
    }
    return {
      discriminatorUpdates: discriminator.minimum + Math.round(Math.max(balance, 0)),
      generatorUpdates: generator.minimum + Math.round(Math.max(-balance, 0)),
    };
  };
  return Object.assign(schedule, {
    steeredBy: 'discriminatorAccuracy' in target ? ('accuracy' as const) : ('loss-ratio' as const),
    saveState: async () => ({ values: { balance, average: average ?? null } }),
    loadState({ values = {} }) {
      const saved = values['balance'];
      const savedAverage = values['average'];
      if (typeof saved !== 'number' || (typeof savedAverage !== 'number' && savedAverage !== null)) {
        throw new GanKitError(
          'incompatible',
          `The saved state of an adaptive schedule needs a balance and an average, not ${JSON.stringify(values)}.`,
          { value: values },
        );
      }
      balance = saved;
      average = savedAverage ?? undefined;
    },
  } satisfies Stateful & Partial<UpdateSchedule>);
}
