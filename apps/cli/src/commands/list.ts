// `gankit list`: every part that a command line can name.
import { lossEntries, type OptionSchema, penaltyEntries } from '@gankit/losses/registry';
import { architectureDescriptions } from '@gankit/models';
import { dataDescriptions } from '../data-sets.ts';

function table(title: string, rows: readonly (readonly [name: string, description: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${title}\n${rows.map(([name, description]) => `  ${name.padEnd(width)}  ${description}`).join('\n')}\n`;
}

function optionsOf(options: readonly OptionSchema[]): string {
  if (options.length === 0) return '';
  return ` [${options.map((option) => `${option.name}=${option.default}`).join(', ')}]`;
}

/** The names with a line each; losses and penalties with their options and defaults. */
export function listParts(): string {
  return [
    table('Data (--data)', Object.entries(dataDescriptions)),
    table('Models (--model)', Object.entries(architectureDescriptions)),
    table(
      'Losses (--loss NAME[:option=value,...])',
      lossEntries.map(({ name, description, options }) => [name, description + optionsOf(options)]),
    ),
    table(
      'Penalties (--penalty NAME[:option=value,...])',
      penaltyEntries.map(({ name, description, options }) => [name, description + optionsOf(options)]),
    ),
  ].join('\n');
}
