// Conditional players by name, for apps and for files. Library users call the functions themselves.
import {
  type Discriminator,
  GanKitError,
  type Generator,
  type Penalty,
  type RandomStream,
  unknownNameError,
  type Verdict,
} from '@gankit/core';
import { buildDiscriminator, buildGenerator, type GeneratorSpecification, hasNormalization } from '@gankit/models';
import { classification } from './penalties/classification.ts';
import { contrastive2C } from './penalties/contrastive-2c.ts';
import { auxiliaryClassifier } from './players/auxiliary-classifier.ts';
import { concatenatedDiscriminator } from './players/concatenated-discriminator.ts';
import { conditionalBatchNormalization } from './players/conditional-batch-normalization.ts';
import { conditionalGenerator } from './players/conditional-generator.ts';
import { contrastiveDiscriminator } from './players/contrastive-discriminator.ts';
import { projectionDiscriminator } from './players/projection-discriminator.ts';

/** A discriminator that is told classes, and the penalties of both players that belong to it. */
export interface ConditionalOpponent {
  readonly discriminator: Discriminator;
  readonly penalties: readonly Penalty[];
}

interface Opponent {
  readonly description: string;
  build(
    specification: GeneratorSpecification,
    classes: number,
    plain: (specification: GeneratorSpecification) => Discriminator,
    random: RandomStream,
  ): ConditionalOpponent;
}

/** The residual discriminator bounds every layer; a projection without a bound would undo that. */
const isSpectrallyNormalized = ({ architecture }: GeneratorSpecification) => architecture === 'resnet';

const opponents: Readonly<Record<string, Opponent>> = {
  projection: {
    description: 'the class enters by an inner product with the last feature (Miyato and Koyama 2018)',
    build: (specification, classes, plain, random) => ({
      discriminator: projectionDiscriminator(plain(specification), {
        classes,
        random,
        spectralNorm: isSpectrallyNormalized(specification),
      }),
      penalties: [],
    }),
  },
  concatenation: {
    description: 'the class as further channels of the input (Mirza and Osindero 2014)',
    build(specification, classes, plain) {
      const { sampleShape } = specification;
      const channels = sampleShape.at(-1)! + classes;
      const inner = plain({ ...specification, sampleShape: [...sampleShape.slice(0, -1), channels] });
      return { discriminator: concatenatedDiscriminator(inner, { classes }), penalties: [] };
    },
  },
  auxiliary: {
    description: 'AC-GAN: the discriminator also classifies (Odena 2017)',
    build: (specification, classes, plain, random) => ({
      discriminator: auxiliaryClassifier(plain(specification), { classes, random }),
      penalties: [classification({ player: 'discriminator' }), classification({ player: 'generator' })],
    }),
  },
  contrastive: {
    description: 'ContraGAN: a projection, and embeddings that are compared within a batch (Kang and Park 2020)',
    build(specification, classes, plain, random) {
      const spectralNorm = isSpectrallyNormalized(specification);
      const projected = projectionDiscriminator(plain(specification), { classes, random, spectralNorm });
      const discriminator = contrastiveDiscriminator(projected, { classes, random });
      const penalties = (['discriminator', 'generator'] as const).map((player) =>
        contrastive2C({ player, discriminator }),
      );
      return { discriminator, penalties };
    },
  },
};

/** The names of the ways to tell a discriminator the class, with one line each. */
export const conditionalDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(opponents).map(([name, { description }]) => [name, description]),
);

/**
 * Builds the generator of a specification, also one that is told classes: the class is appended to the latent, and decides the
 * scales and offsets of batch normalisation where its architecture has such. What `loadGenerator` takes as `build`.
 * @throws GanKitError as `buildGenerator` of `@gankit/models`.
 */
export function buildConditionalGenerator(
  specification: GeneratorSpecification,
  random: RandomStream,
): Generator & Disposable {
  const { classes, ...plain } = specification;
  if (classes === undefined) return buildGenerator(plain, random);
  // The normalisation alone tells classes apart late: its scales and offsets start equal for all of them.
  const longer = { ...plain, latentSize: plain.latentSize + classes };
  const normalization = conditionalBatchNormalization({ classes });
  const inner = buildGenerator(longer, random, hasNormalization(plain.architecture) ? { normalization } : {});
  return conditionalGenerator(inner, { classes });
}

/**
 * Builds the discriminator that plays against the generator of a specification with classes.
 * @param name One of {@link conditionalDescriptions}.
 * @throws GanKitError `unknown-name` for another name, `incompatible` without classes or for an energy.
 */
export function buildConditionalOpponent(
  name: string,
  specification: GeneratorSpecification,
  random: RandomStream,
  verdict: Verdict = 'logit',
): ConditionalOpponent {
  if (!Object.hasOwn(opponents, name))
    throw unknownNameError('conditional discriminator', name, Object.keys(opponents));
  const { classes, ...plain } = specification;
  if (classes === undefined) {
    throw new GanKitError(
      'incompatible',
      `The conditional discriminator '${name}' needs a specification with classes.`,
    );
  }
  if (verdict === 'energy') {
    throw new GanKitError(
      'incompatible',
      `The conditional discriminator '${name}' needs logits, and the loss an energy; choose another loss.`,
    );
  }
  return opponents[name]!.build(plain, classes, (of) => buildDiscriminator(of, random, verdict), random.fork(name));
}
