// Everything that can be named, for the page's forms: read from the registries, so that a new part appears by itself.
import { conditionings } from '@gankit/conditional/registry';
import { type About, describeOptions, type OptionEntries } from '@gankit/core/registry';
import { optimizers, rates } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import { discriminators, generators } from '@gankit/models/registry';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';
import type { Catalogue, PartDescription } from '../protocol.ts';
import { dataSets } from './data-sets.ts';

interface Described extends About {
  readonly options: OptionEntries;
}

const describe = ({ entries }: { readonly entries: readonly Described[] }): readonly PartDescription[] =>
  entries.map(({ name, title, description, source, options }) => ({
    name,
    title,
    description,
    source,
    options: describeOptions(options),
  }));

export const catalogue: Catalogue = {
  data: describe(dataSets),
  generator: describe(generators),
  discriminator: describe(discriminators),
  conditioning: describe(conditionings),
  loss: describe(losses),
  penalties: describe(penalties),
  constraints: describe(constraints),
  optimizers: describe(optimizers),
  rate: describe(rates),
  schedule: describe(schedules),
  negatives: describe(negatives),
  stabilizers: describe(stabilizers),
};
