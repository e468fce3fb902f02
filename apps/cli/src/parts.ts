// Losses and penalties from their names on the command line.
import type { AdversarialLoss, Penalty, RandomStream } from '@gankit/core';
import {
  createLoss,
  createPenalty,
  lossEntry,
  type OptionSchema,
  type OptionValues,
  parseOption,
  penaltyEntry,
} from '@gankit/losses/registry';
import type { NamedPart } from './parse.ts';

/** Text values by the option's schema; names that no schema has are kept, for the registry to refuse with advice. */
function parseOptions({ name, options }: NamedPart, schemas: readonly OptionSchema[]): OptionValues {
  return Object.fromEntries(
    Object.entries(options).map(([key, text]) => {
      const schema = schemas.find((candidate) => candidate.name === key);
      return [key, schema === undefined ? text : parseOption(name, schema, text)];
    }),
  );
}

/** @throws GanKitError `unknown-name` or `invalid-argument`. */
export function lossNamed(part: NamedPart, random: RandomStream): AdversarialLoss {
  return createLoss(part.name, parseOptions(part, lossEntry(part.name).options), { random: random.fork('loss') });
}

/** @throws GanKitError `unknown-name` or `invalid-argument`. */
export function penaltyNamed(part: NamedPart): Penalty {
  return createPenalty(part.name, parseOptions(part, penaltyEntry(part.name).options));
}
