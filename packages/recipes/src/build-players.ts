// The discriminator of a recipe, wrapped in what it is told, and what belongs to it.
import { combinedConditioning } from '@gankit/conditional';
import { toldPlayers } from '@gankit/conditional/registry';
import type { Conditioning, Discriminator, Penalty, RandomStream, Verdict } from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import type { GeneratorSpecification } from '@gankit/models';
import { discriminators } from '@gankit/models/registry';
import type { DataFacts } from './facts.ts';
import type { ResolvedRecipe } from './resolve-recipe.ts';

/** What makes the generator of a recipe again, kept beside its weights. */
export function generatorSpecification(
  { generator, conditioning }: ResolvedRecipe,
  { shape, classes, pairedShape }: DataFacts,
): GeneratorSpecification {
  return {
    generator,
    sampleShape: [...shape],
    ...(conditioning.length > 0 && { conditioning }),
    ...(conditioning.length > 0 && classes !== undefined && { classes }),
    ...(pairedShape !== undefined && { pairedShape: [...pairedShape] }),
  };
}

/** The discriminator, and what belongs to the way in which the players are told something. */
export interface Opponent {
  readonly discriminator: Discriminator;
  readonly penalties: readonly Penalty[];
  readonly conditioning: Conditioning | undefined;
}

/** Whether a discriminator bounds every layer. */
const isBounded = ({ spectralNorm }: NamedPart) => spectralNorm === true;

/**
 * Makes the discriminator of a recipe, that gives the verdict that the loss needs.
 * @throws GanKitError Whatever the architecture or the conditioning refuses.
 */
export function buildOpponent(
  recipe: ResolvedRecipe,
  specification: GeneratorSpecification,
  verdict: Verdict,
  random: RandomStream,
): Opponent {
  const told = toldPlayers(specification);
  const { sampleShape } = specification;
  const channels = sampleShape.at(-1)! + told.reduce((sum, { moreChannels }) => sum + moreChannels, 0);
  const inner: Discriminator = discriminators.create(recipe.discriminator, {
    shape: [...sampleShape.slice(0, -1), channels],
    random,
    verdict,
    steps: recipe.stopping.steps,
  });
  const spectralNorm = isBounded(recipe.discriminator);
  const discriminator = told.reduce((judge, part) => part.discriminator(judge, { random, spectralNorm }), inner);
  const parts = told.map(({ conditioning }) => conditioning);
  return {
    discriminator,
    penalties: told.flatMap((part) => part.penalties(discriminator)),
    conditioning: parts.length > 1 ? combinedConditioning(...parts) : parts[0],
  };
}
