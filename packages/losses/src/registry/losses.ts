// Every adversarial loss by name. Importing this bundles them all: for apps; libraries import the functions.
import { type AdversarialLoss, GanKitError, type RandomStream, unknownNameError } from '@gankit/core';
import { minimax } from '../minimax.ts';
import { nonSaturating } from '../non-saturating.ts';
import { checkOptions, type OptionSchema, type OptionValues } from './option.ts';
import { labelOptions } from './shared-options.ts';

/** One adversarial loss, as an app shows it. */
export interface LossEntry {
  readonly name: string;
  /** What it is called in running text. */
  readonly title: string;
  /** One sentence: what it does and when to use it. */
  readonly description: string;
  /** Where it was published. */
  readonly source: string;
  readonly options: readonly OptionSchema[];
  /** What the discriminator's logits must be, as `AdversarialLoss.logits` says. */
  readonly logits: NonNullable<AdversarialLoss['logits']>;
}

/** What losses may need besides their options. */
export interface LossContext {
  /** Where label flips are drawn from; needed when `labelFlipping` is not 0. */
  readonly random?: RandomStream;
}

interface RegisteredLoss extends LossEntry {
  readonly create: (options: OptionValues, context: LossContext) => AdversarialLoss;
}

/** Ties a loss function to the schemas of its options; the names are checked against the function's options type. */
function register<Options extends object>(
  create: (options?: Options) => AdversarialLoss,
  entry: Omit<LossEntry, 'options' | 'logits'> & {
    readonly options: readonly (OptionSchema & { readonly name: keyof Options & string })[];
    readonly logits?: LossEntry['logits'];
  },
): RegisteredLoss {
  return {
    logits: 'any',
    ...entry,
    // The values were checked against the schemas, whose names are keys of Options.
    create: (options, context) => create({ ...options, ...context } as Options),
  };
}

const registered: readonly RegisteredLoss[] = [
  register(nonSaturating, {
    name: 'non-saturating',
    title: 'Non-saturating',
    description: 'the default: the generator is told to call its samples real',
    source: 'Goodfellow et al. 2014, section 3',
    options: labelOptions,
  }),
  register(minimax, {
    name: 'minimax',
    title: 'Minimax (saturating)',
    description: 'the zero-sum game; its generator stops learning when the discriminator is sure',
    source: 'Goodfellow et al. 2014, equation 1',
    options: labelOptions,
  }),
];

/** Every loss, in the order in which an app lists them. */
export const lossEntries: readonly LossEntry[] = registered;

/** The names of every loss. */
export const lossNames: readonly string[] = registered.map((entry) => entry.name);

function find(name: string): RegisteredLoss {
  const entry = registered.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownNameError('loss', name, lossNames);
  return entry;
}

/**
 * What is known of a loss.
 * @throws GanKitError `unknown-name`.
 */
export function lossEntry(name: string): LossEntry {
  return find(name);
}

/**
 * Makes a loss by name.
 * @param options By the names of its schema; those left out take their defaults.
 * @throws GanKitError `unknown-name` for a loss or option that does not exist, `invalid-argument` for a value out of range.
 */
export function createLoss(name: string, options: OptionValues = {}, context: LossContext = {}): AdversarialLoss {
  const entry = find(name);
  checkOptions(name, entry.options, options);
  const needsRandom = typeof options['labelFlipping'] === 'number' && options['labelFlipping'] > 0;
  if (needsRandom && context.random === undefined) {
    throw new GanKitError('invalid-argument', `${name} with labelFlipping needs a random stream in its context.`);
  }
  return entry.create(options, context);
}
