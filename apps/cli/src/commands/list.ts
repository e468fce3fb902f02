// `gankit list`: every part that a command line can name.
import { conditionalDescriptions } from '@gankit/conditional';
import { lossEntries, type OptionSchema, penaltyEntries } from '@gankit/losses/registry';
import { architectureDescriptions } from '@gankit/models';
import { dataDescriptions } from '../data-sets.ts';
import { augmentations, negatives, type PartEntry, schedules } from '../named-parts.ts';

function table(title: string, rows: readonly (readonly [name: string, description: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${title}\n${rows.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`).join('\n')}\n`;
}

function optionsOf(options: readonly OptionSchema[]): string {
  if (options.length === 0) return '';
  return ` [${options.map((option) => `${option.name}=${option.default}`).join(', ')}]`;
}

function parts(
  title: string,
  entries: readonly Pick<PartEntry<unknown>, 'name' | 'description' | 'options'>[],
): string {
  return table(
    title,
    entries.map(({ name, description, options }) => [name, description + optionsOf(options)]),
  );
}

/** The names with a line each; losses and penalties with their options and defaults. */
export function listParts(): string {
  return [
    table('Data (--data)', Object.entries(dataDescriptions)),
    table('Models (--model)', Object.entries(architectureDescriptions)),
    table('Conditional (--conditional NAME)', Object.entries(conditionalDescriptions)),
    parts('Losses (--loss NAME[:option=value,...])', lossEntries),
    parts('Penalties (--penalty NAME[:option=value,...])', penaltyEntries),
    parts('Schedules (--schedule NAME[:option=value,...])', schedules),
    parts('Negatives (--negatives NAME[:option=value,...])', negatives),
    parts('Augmentations (--augment NAME[:option=value,...])', augmentations),
  ].join('\n');
}
