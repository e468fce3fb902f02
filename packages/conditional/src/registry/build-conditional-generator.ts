// A generator from its specification, wrapped in what it is told.
import type { Generator, RandomStream } from '@gankit/core';
import type { GeneratorSpecification } from '@gankit/models';
import { generators } from '@gankit/models/registry';
import { conditionings, type ToldPlayers } from './conditionings.ts';

/** What each conditioning of a specification does to the players. */
export function toldPlayers({
  conditioning = [],
  classes,
  pairedShape,
}: GeneratorSpecification): readonly ToldPlayers[] {
  const facts = { classes, imageChannels: pairedShape?.at(-1) };
  return conditioning.map((part) => conditionings.create(part as Parameters<typeof conditionings.create>[0], facts));
}

/**
 * Builds the generator of a specification, also one that is told something: a class is appended to its latent, and decides the
 * scales and offsets of batch normalisation where its architecture has such. What the readers of generator files take as `build`.
 * @param steps Of the whole run, for one that grows; one that is only used stands at its full size.
 * @throws GanKitError `unknown-name` for a name that does not exist, and whatever the architecture or the conditioning refuses.
 */
export function buildConditionalGenerator(
  specification: GeneratorSpecification,
  random: RandomStream,
  steps?: number,
): Generator {
  const told = toldPlayers(specification);
  const { generator, sampleShape, pairedShape } = specification;
  const { normalized } = generators.entry(generator.name);
  // Whoever asks for another normalisation, or none, has that: the latent tells the class alone.
  const { normalization: asked = 'batch' } = generator as { readonly normalization?: string };
  const synchronized = asked === 'synchronized-batch';
  const replaced = normalized && (synchronized || asked === 'batch');
  const inner: Generator = generators.create(generator as Parameters<typeof generators.create>[0], {
    shape: sampleShape,
    random,
    moreLatent: told.reduce((sum, { moreLatent }) => sum + moreLatent, 0),
    normalization: replaced
      ? told.find(({ normalization }) => normalization !== undefined)?.normalization?.(synchronized)
      : undefined,
    conditionChannels: pairedShape?.at(-1),
    steps,
  });
  return told.reduce((wrapped, part) => part.generator(wrapped), inner);
}
