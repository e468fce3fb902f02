// What a trainer plays with: its options, complete and checked, also when some are exchanged while it runs.
import { checkInteger, checkOptions, GanKitError, type Network, type Optimizer, type Player } from '@gankit/core';
import { checkCompatibility } from './compatibility.ts';
import type { LastPenalties } from './step-record.ts';
import {
  type ResolvedOptions,
  type TrainerChanges,
  type TrainerOptions,
  trainerChangeNames,
  trainerOptionNames,
} from './trainer-options.ts';

/** The observer that a discriminator brings along. */
function controllerOf(
  discriminator: TrainerOptions['discriminator'],
): ResolvedOptions['observers'][number] | undefined {
  return (discriminator as { controller?: ResolvedOptions['observers'][number] }).controller;
}

/**
 * The options, with an optimiser for each player and all observers.
 * @throws GanKitError `incompatible` when the parts do not fit together, `invalid-argument` for an option that is unknown, missing or out of
 *   range, and when a player has no optimiser.
 */
export function resolvedOptions(options: TrainerOptions): ResolvedOptions {
  checkOptions('Trainer', options, trainerOptionNames);
  const { readEvery = 1, watchEvery = 10, observers = [] } = options;
  checkInteger('readEvery', readEvery);
  checkInteger('watchEvery', watchEvery, 0);
  const optimizerOf = (player: Player, own: Optimizer | undefined): Optimizer => {
    const optimizer = own ?? options.optimizer?.(player);
    if (optimizer !== undefined) return optimizer;
    throw new GanKitError(
      'invalid-argument',
      `The ${player} has no optimiser; give the trainer '${player}Optimizer', or 'optimizer', which makes one for each player.`,
    );
  };
  const controller = controllerOf(options.discriminator);
  const resolved = {
    ...options,
    generatorOptimizer: optimizerOf('generator', options.generatorOptimizer),
    discriminatorOptimizer: optimizerOf('discriminator', options.discriminatorOptimizer),
    observers: controller === undefined || observers.includes(controller) ? observers : [...observers, controller],
  };
  checkCompatibility(resolved);
  return resolved;
}

/** @throws GanKitError `incompatible` when a player has other variables than before. */
function checkSamePlayer(before: Network, after: Network): void {
  const variables = new Set(before.variables.map(({ variable }) => variable));
  const known = after.variables.filter(({ variable }) => variables.has(variable));
  if (known.length === variables.size && known.length === after.variables.length) return;
  throw new GanKitError(
    'another-run',
    `A running game keeps its players: '${after.name}' has other variables than '${before.name}'; make a new trainer for it.`,
    { value: after.name },
  );
}

/**
 * The options with some of them exchanged.
 * @throws GanKitError as {@link resolvedOptions}, and `another-run` when a player would be another one.
 */
export function changedOptions(before: ResolvedOptions, changes: TrainerChanges): ResolvedOptions {
  checkOptions('swap', changes, trainerChangeNames);
  // The controller of a discriminator goes with it.
  const controller = controllerOf(before.discriminator);
  const observers = changes.observers ?? before.observers.filter((observer) => observer !== controller);
  const options = resolvedOptions({ ...before, ...changes, observers });
  for (const player of ['generator', 'discriminator'] as const) checkSamePlayer(before[player], options[player]);
  return options;
}

/** The last values of those penalties that are still played with. */
export function penaltiesOf({ penalties = [] }: ResolvedOptions, last: LastPenalties): LastPenalties {
  const kept = (player: Player) => {
    const names = new Set(penalties.filter((penalty) => penalty.player === player).map(({ name }) => name));
    return Object.fromEntries(Object.entries(last[player]).filter(([name]) => names.has(name)));
  };
  return { discriminator: kept('discriminator'), generator: kept('generator') };
}
