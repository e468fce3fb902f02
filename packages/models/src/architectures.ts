// Models by name, for apps and for files. Library users call the model functions themselves.
import {
  checkOptions,
  type Discriminator,
  GanKitError,
  type Generator,
  type Json,
  type RandomStream,
  unknownNameError,
  type Verdict,
} from '@gankit/core';
import { dcganDiscriminator, dcganGenerator } from './dcgan.ts';
import { mlpDiscriminator, mlpGenerator } from './mlp.ts';
import type { Normalization } from './normalization.ts';
import { r3ganDiscriminator, r3ganGenerator } from './r3gan.ts';
import { resnetDiscriminator, resnetGenerator } from './resnet.ts';

/** What an architecture can be told by name; what it does not know it refuses. */
export interface ArchitectureOptions {
  /** Length of the latent vector. */
  readonly latentSize?: number | undefined;
  /** Channels at full resolution (dcgan, resnet), channels up to 32 pixels (r3gan), or units of both hidden layers (mlp). */
  readonly width?: number | undefined;
  /** Number of classes that the generator is to be told; none when absent. */
  readonly classes?: number | undefined;
}

/** Everything that is needed to build a generator again: plain JSON, kept beside its weights. */
export interface GeneratorSpecification {
  readonly architecture: string;
  readonly sampleShape: readonly number[];
  readonly latentSize: number;
  readonly width: number;
  /** Number of classes that the generator is told; absent for one that is told none. */
  readonly classes?: number | undefined;
}

/** How a named generator is built besides its specification. */
export interface BuildGeneratorOptions {
  /** What normalises its activations, for an architecture that has such layers; its own by default. */
  readonly normalization?: Normalization | undefined;
}

interface Architecture {
  readonly description: string;
  readonly latentSize: number;
  readonly width: number;
  /** Whether its generator has layers of normalisation that can be replaced. */
  readonly normalized: boolean;
  generator(
    specification: GeneratorSpecification,
    random: RandomStream,
    options: BuildGeneratorOptions,
  ): Generator & Disposable;
  discriminator(
    specification: GeneratorSpecification,
    verdict: Verdict,
    random: RandomStream,
  ): Discriminator & Disposable;
}

const architectures: Readonly<Record<string, Architecture>> = {
  dcgan: {
    description: 'convolutions, for images whose sides are even (28x28, 32x32, 64x64)',
    latentSize: 100,
    width: 64,
    normalized: true,
    generator: ({ sampleShape, latentSize, width }, random, { normalization }) =>
      dcganGenerator({ outputShape: sampleShape, latentSize, width, random, normalization }),
    discriminator: ({ sampleShape, width }, verdict, random) =>
      dcganDiscriminator({ inputShape: sampleShape, width, verdict, random }),
  },
  mlp: {
    description: 'dense layers, for points and small images',
    latentSize: 16,
    width: 128,
    normalized: false,
    generator: ({ sampleShape, latentSize, width }, random) =>
      mlpGenerator({ outputShape: sampleShape, latentSize, hidden: [width, width], random }),
    discriminator: ({ sampleShape, width }, verdict, random) =>
      mlpDiscriminator({ inputShape: sampleShape, hidden: [width, width], verdict, random }),
  },
  // The widths of these two are for a personal computer; the published ones are the defaults of their functions.
  r3gan: {
    description: 'residual networks without normalisation, for the relativistic loss with R1 and R2; even sides',
    latentSize: 64,
    width: 64,
    normalized: false,
    generator: ({ sampleShape, latentSize, width }, random) =>
      r3ganGenerator({ outputShape: sampleShape, latentSize, width, random }),
    discriminator: ({ sampleShape, width }, verdict, random) =>
      r3ganDiscriminator({ inputShape: sampleShape, width, verdict, random }),
  },
  resnet: {
    description:
      'residual networks with a spectrally normalised discriminator (SNGAN), for images whose sides are even',
    latentSize: 128,
    width: 64,
    normalized: true,
    generator: ({ sampleShape, latentSize, width }, random, { normalization }) =>
      resnetGenerator({ outputShape: sampleShape, latentSize, width, random, normalization }),
    discriminator: ({ sampleShape, width }, verdict, random) =>
      resnetDiscriminator({ inputShape: sampleShape, width, verdict, random }),
  },
};

/** The names of the architectures, with one line each on what they are for. */
export const architectureDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(architectures).map(([name, { description }]) => [name, description]),
);

function architectureNamed(name: string): Architecture {
  if (!Object.hasOwn(architectures, name)) throw unknownNameError('model', name, Object.keys(architectures));
  return architectures[name]!;
}

const specificationNames = {
  architecture: 'required',
  sampleShape: 'required',
  latentSize: 'required',
  width: 'required',
  classes: 'optional',
} as const;

/**
 * Fills in the defaults of an architecture.
 * @throws GanKitError `unknown-name` for an architecture that does not exist, `invalid-argument` for an unknown option.
 */
export function generatorSpecification(
  architecture: string,
  sampleShape: readonly number[],
  options: ArchitectureOptions = {},
): GeneratorSpecification & { readonly [key: string]: Json } {
  checkOptions('generatorSpecification', options, { latentSize: 'optional', width: 'optional', classes: 'optional' });
  const { latentSize, width } = architectureNamed(architecture);
  return {
    architecture,
    sampleShape: [...sampleShape],
    latentSize: options.latentSize ?? latentSize,
    width: options.width ?? width,
    ...(options.classes === undefined ? {} : { classes: options.classes }),
  };
}

/** Whether the generator of a named architecture has layers of normalisation that can be replaced. */
export function hasNormalization(architecture: string): boolean {
  return architectureNamed(architecture).normalized;
}

/**
 * Builds a generator by name.
 * @throws GanKitError `unknown-name` for an architecture that does not exist, `incompatible` for another normalisation of one that
 *   has none and for a specification with classes, which `@gankit/conditional` builds; and whatever the architecture refuses.
 */
export function buildGenerator(
  specification: GeneratorSpecification,
  random: RandomStream,
  options: BuildGeneratorOptions = {},
): Generator & Disposable {
  checkOptions('buildGenerator', specification, specificationNames);
  checkOptions('buildGenerator', options, { normalization: 'optional' });
  const { architecture, classes } = specification;
  const { normalized, generator } = architectureNamed(architecture);
  if (classes !== undefined) {
    throw new GanKitError(
      'incompatible',
      `This generator is told one of ${classes} classes; build it with buildConditionalGenerator of @gankit/conditional.`,
      { value: classes },
    );
  }
  if (options.normalization !== undefined && !normalized) {
    throw new GanKitError('incompatible', `The model '${architecture}' has no normalisation that could be replaced.`);
  }
  return generator(specification, random, options);
}

/**
 * Builds the discriminator that plays against the generator of the same specification.
 * @param verdict What it says of a sample: what the loss needs.
 * @throws GanKitError `unknown-name` for an architecture that does not exist, `incompatible` for an energy of one that has no
 *   autoencoder; and whatever the architecture refuses.
 */
export function buildDiscriminator(
  specification: GeneratorSpecification,
  random: RandomStream,
  verdict: Verdict = 'logit',
): Discriminator & Disposable {
  checkOptions('buildDiscriminator', specification, specificationNames);
  return architectureNamed(specification.architecture).discriminator(specification, verdict, random);
}
