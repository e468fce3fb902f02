// Settings that suit an architecture where a recipe is silent: found on a personal computer, not in the papers.
import type { NamedPart } from '@gankit/core/registry';
import { losses } from '@gankit/losses/registry';
import { generators } from '@gankit/models/registry';
import type { DataFacts } from './facts.ts';

/** What an architecture is trained with unless the recipe says otherwise. */
export interface Suited {
  readonly steps: number;
  readonly batchSize: number;
  readonly generator: Readonly<Record<string, unknown>>;
  readonly discriminator: Readonly<Record<string, unknown>>;
  readonly optimizer: NamedPart;
}

const narrow = { width: 32 };

const suited: Readonly<Record<string, Suited>> = {
  // Half the paper's width and ten times its rate, going to 0: digits in a minute rather than in twenty.
  dcgan: {
    steps: 1000,
    batchSize: 64,
    generator: narrow,
    discriminator: narrow,
    optimizer: { name: 'adam', learningRate: 2e-3, beta1: 0.5, rate: { name: 'linear' } },
  },
  mlp: {
    steps: 5000,
    batchSize: 256,
    generator: {},
    discriminator: {},
    optimizer: { name: 'adam', learningRate: 1e-3, beta1: 0.5, rate: { name: 'linear' } },
  },
};

/** For architectures without settings of their own: the papers' usual ones, at a width that a CPU can bear. */
const usual: Suited = {
  steps: 5000,
  batchSize: 64,
  generator: narrow,
  discriminator: narrow,
  optimizer: { name: 'adam', learningRate: 2e-4, beta1: 0 },
};

/** The settings for a generator by its name. */
export function suitedTo(generator: string): Suited {
  return Object.hasOwn(suited, generator) ? suited[generator]! : usual;
}

const even = (side: number | undefined) => side !== undefined && side >= 8 && side % 2 === 0;

/** The generator that suits data. */
export function suitedGenerator({ kind, shape, pairedShape }: DataFacts): string {
  if (pairedShape !== undefined) return 'unet';
  return kind === 'images' && even(shape[0]) && even(shape[1]) ? 'dcgan' : 'mlp';
}

const opponents: Readonly<Record<string, string>> = { unet: 'patch', spatial: 'patch' };

/** The discriminator that suits a generator. */
export function suitedDiscriminator(generator: string): string {
  return opponents[generator] ?? generator;
}

/** The other image of each pair, as pix2pix weighs it. */
const imagesTold: NamedPart = { name: 'images', norm: 'l1', weight: 100 };

/** Architectures that can be told a class, as either player. */
const tellable: ReadonlySet<string> = new Set(['dcgan', 'mlp', 'r3gan', 'resnet', 'progressive']);

/** What is told of data where a recipe says nothing: of pairs the other image, of images with classes the class. */
export function suitedConditioning(
  { kind, classes, pairedShape }: DataFacts,
  players: { readonly generator: NamedPart; readonly discriminator: NamedPart; readonly loss: NamedPart },
): readonly NamedPart[] {
  const { generator, discriminator, loss } = players;
  if (pairedShape !== undefined) return generators.entry(generator.name).toldImages ? [imagesTold] : [];
  const canBeTold = tellable.has(generator.name) && tellable.has(discriminator.name);
  const reads = losses.entry(loss.name).verdict === 'logit' && discriminator['verdict'] === undefined;
  return kind === 'images' && classes !== undefined && classes > 1 && canBeTold && reads
    ? [{ name: 'projection' }]
    : [];
}
