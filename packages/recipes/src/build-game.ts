// The exchangeable parts of a game, from their names: what stands around the two players.
import type {
  AdversarialLoss,
  Constraint,
  Discriminator,
  GameObserver,
  Generator,
  Negatives,
  Optimizer,
  Penalty,
  UpdateSchedule,
} from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import { optimizers } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import type { GeneratorAverage } from '@gankit/trainer';
import {
  negatives,
  type PartContext,
  type StabilizedGame,
  type StabilizerTraits,
  schedules,
  stabilizers,
} from '@gankit/trainer/registry';
import type { Opponent } from './build-players.ts';
import type { ResolvedRecipe } from './resolve-recipe.ts';
import { same } from './same.ts';
import type { RunStreams } from './streams.ts';

/** The two players as they are made, before anything is put around them. */
export interface Players extends Opponent {
  readonly generator: Generator;
}

/** Everything that may be exchanged while the game is played. */
export interface GameParts {
  /** The loss of the recipe, before anything is put around it. */
  readonly plainLoss: AdversarialLoss;
  readonly loss: AdversarialLoss;
  readonly discriminator: Discriminator;
  /** Those of the recipe, in its order. */
  readonly penalties: readonly Penalty[];
  readonly constraints: readonly Constraint[];
  readonly schedule: UpdateSchedule;
  readonly negatives: Negatives;
  readonly observers: readonly GameObserver[];
  readonly average: GeneratorAverage | undefined;
  readonly optimizers: Readonly<Record<'generator' | 'discriminator', Optimizer>>;
}

/** Parts that are played with already, and the recipe that they were made of. */
export interface PlayedParts {
  readonly recipe: ResolvedRecipe;
  readonly parts: GameParts;
}

/** Samples that stand for an epoch where data are drawn without end. */
const samplesPerEndlessEpoch = 10_000;

/** @throws GanKitError Whatever the loss refuses. */
export function buildLoss({ loss }: ResolvedRecipe, streams: RunStreams): AdversarialLoss {
  return losses.create(loss, { random: streams.loss.fork('loss') });
}

/** The stabilisers that change one thing of the game. */
function stabilizersOf(
  { stabilizers: named }: ResolvedRecipe,
  changes: StabilizerTraits['changes'],
): readonly NamedPart[] {
  return named.filter(({ name }) => stabilizers.entry(name).changes === changes);
}

/** The length of a run, where a part depends on it. */
function stepsOf({ stopping }: ResolvedRecipe, depends: boolean): number | undefined {
  return depends ? stopping.steps : undefined;
}

/** Whether the learning rate of an optimiser changes with the length of the run. */
export function isScheduled({ rate }: NamedPart): boolean {
  const { name, hold } = (rate ?? {}) as { readonly name?: string; readonly hold?: number };
  return name === 'cosine' || (name === 'linear' && (hold === undefined || hold < 1));
}

/**
 * Makes the parts around two players. Of a game that is played already those parts stay that its recipe had, too; they keep their state.
 * @param loss Of the recipe; the discriminator was made for its verdict.
 * @throws GanKitError Whatever a part refuses.
 */
export function buildParts(
  recipe: ResolvedRecipe,
  players: Players,
  loss: AdversarialLoss,
  {
    source,
    streams,
    played,
  }: {
    readonly source: { readonly size?: number | undefined };
    readonly streams: RunStreams;
    readonly played?: PlayedParts | undefined;
  },
): GameParts {
  const { steps } = recipe.stopping;
  const context: PartContext = {
    steps,
    samplesPerEpoch: source.size ?? samplesPerEndlessEpoch,
    random: streams.training,
  };
  /** The part that is there already, if what it was made of is the same. */
  const kept = <T>(of: (recipe: ResolvedRecipe) => unknown, part: (parts: GameParts) => T, make: () => T): T =>
    played !== undefined && same(of(played.recipe), of(recipe)) ? part(played.parts) : make();
  const bare: StabilizedGame = {
    generator: players.generator,
    discriminator: players.discriminator,
    loss,
    observers: [],
  };
  const stabilized = (changes: StabilizerTraits['changes']) =>
    stabilizersOf(recipe, changes).reduce((game, part) => stabilizers.create(part, context)(game), bare);
  const groupOf = (changes: StabilizerTraits['changes']) => (each: ResolvedRecipe) => stabilizersOf(each, changes);
  const plainLoss = kept(
    ({ loss: part }) => part,
    (parts) => parts.plainLoss,
    () => loss,
  );
  return {
    plainLoss,
    loss: kept(
      (each) => [each.loss, stabilizersOf(each, 'loss'), stepsOf(each, stabilizersOf(each, 'loss').length > 0)],
      (parts) => parts.loss,
      () =>
        stabilizersOf(recipe, 'loss').reduce((game, part) => stabilizers.create(part, context)(game), {
          ...bare,
          loss: plainLoss,
        }).loss,
    ),
    discriminator: kept(
      (each) => [
        stabilizersOf(each, 'discriminator'),
        stepsOf(
          each,
          stabilizersOf(each, 'discriminator').some(({ name }) => name === 'instance-noise'),
        ),
      ],
      (parts) => parts.discriminator,
      () => stabilized('discriminator').discriminator,
    ),
    observers: kept(
      groupOf('observers'),
      (parts) => parts.observers,
      () => stabilized('observers').observers,
    ),
    average: kept(
      groupOf('average'),
      (parts) => parts.average,
      () => stabilized('average').average as GeneratorAverage | undefined,
    ),
    penalties: recipe.penalties.map((part) => {
      const index = played?.recipe.penalties.findIndex((each) => same(each, part)) ?? -1;
      return index < 0 ? penalties.create(part, undefined) : played!.parts.penalties[index]!;
    }),
    constraints: recipe.constraints.map((part) => constraints.create(part, undefined)),
    schedule: kept(
      (each) => each.schedule,
      (parts) => parts.schedule,
      () => schedules.create(recipe.schedule, context),
    ),
    negatives: kept(
      (each) => [each.negatives, stepsOf(each, each.negatives.name === 'annealed-noise')],
      (parts) => parts.negatives,
      () => negatives.create(recipe.negatives, context),
    ),
    optimizers: {
      generator: kept(
        (each) => [each.optimizers.generator, stepsOf(each, isScheduled(each.optimizers.generator))],
        (parts) => parts.optimizers.generator,
        () => optimizers.create(recipe.optimizers.generator, { steps }),
      ),
      discriminator: kept(
        (each) => [each.optimizers.discriminator, stepsOf(each, isScheduled(each.optimizers.discriminator))],
        (parts) => parts.optimizers.discriminator,
        () => optimizers.create(recipe.optimizers.discriminator, { steps }),
      ),
    },
  };
}
