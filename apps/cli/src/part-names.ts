// The names of all parts by kind, from the registries.
import { conditionings } from '@gankit/conditional/registry';
import { dataSets } from '@gankit/data/node';
import { losses, penalties } from '@gankit/losses/registry';
import { generators } from '@gankit/models/registry';
import { namedRecipes } from '@gankit/recipes';
import { negatives, schedules } from '@gankit/trainer/registry';

/** The names that options of the command take. */
export function partNames(): Readonly<Record<string, readonly string[]>> {
  const namesOf = ({ entries }: { readonly entries: readonly { readonly name: string }[] }) =>
    entries.map(({ name }) => name);
  return {
    recipe: Object.keys(namedRecipes),
    data: namesOf(dataSets),
    model: namesOf(generators),
    conditional: namesOf(conditionings).filter((name) => !['codes', 'images'].includes(name)),
    loss: namesOf(losses),
    penalty: namesOf(penalties),
    schedule: namesOf(schedules),
    negatives: namesOf(negatives),
  };
}
