// `gankit list`: every part that a recipe can name, with its options, from the registries.
import { conditionings } from '@gankit/conditional/registry';
import { unknownNameError } from '@gankit/core';
import { describeOptions, type OptionDescription, type OptionEntries } from '@gankit/core/registry';
import { dataSets } from '@gankit/data/node';
import { optimizers, rates } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import { extractors, metrics } from '@gankit/metrics/registry';
import { discriminators, generators } from '@gankit/models/registry';
import { namedRecipes } from '@gankit/recipes';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';

interface Listed {
  readonly name: string;
  readonly description: string;
  readonly source?: string | undefined;
  readonly options: OptionEntries;
}

/** What is listed, by the word that names it; how a part is named in a recipe and on the command line. */
const kinds: Readonly<Record<string, { readonly title: string; readonly parts: readonly Listed[] }>> = {
  recipes: {
    title: 'Recipes (--recipe NAME)',
    parts: Object.entries(namedRecipes).map(([name, { description = '', source }]) => ({
      name,
      description,
      source,
      options: {},
    })),
  },
  data: { title: 'Data (--data NAME, data)', parts: dataSets.entries },
  generators: { title: 'Generators (--model NAME, generator)', parts: generators.entries },
  discriminators: { title: 'Discriminators (--model NAME, discriminator)', parts: discriminators.entries },
  conditionings: { title: 'Conditionings (--conditional NAME, conditioning)', parts: conditionings.entries },
  losses: { title: 'Losses (--loss NAME[:option=value,...], loss)', parts: losses.entries },
  penalties: { title: 'Penalties (--penalty NAME[:option=value,...], penalties)', parts: penalties.entries },
  constraints: { title: 'Constraints (constraints)', parts: constraints.entries },
  optimizers: { title: 'Optimisers (optimizers.generator, optimizers.discriminator)', parts: optimizers.entries },
  rates: { title: 'Courses of a learning rate (rate of an optimiser)', parts: rates.entries },
  schedules: { title: 'Schedules (--schedule NAME[:option=value,...], schedule)', parts: schedules.entries },
  negatives: { title: 'Negatives (--negatives NAME[:option=value,...], negatives)', parts: negatives.entries },
  stabilizers: {
    title: 'Stabilisers (--augment, --average, --instance-noise, stabilizers)',
    parts: stabilizers.entries,
  },
  metrics: { title: 'Metrics (metrics; gankit evaluate --metrics NAME,NAME)', parts: metrics.entries },
  extractors: { title: 'Extractors (gankit evaluate --extractor NAME[:option=value,...])', parts: extractors.entries },
};

function value({ default: given, required, type }: OptionDescription): string {
  if (required) return `(${type})`;
  return given === undefined ? '' : Array.isArray(given) ? `[${given.join(',')}]` : String(given);
}

function brief({ name, description, options }: Listed): readonly [string, string] {
  const described = describeOptions(options).map((option) => `${option.name}=${value(option)}`);
  return [name, `${description}${described.length === 0 ? '' : ` [${described.join(', ')}]`}`];
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}

function range({ minimum, maximum, choices }: OptionDescription): string {
  if (choices !== undefined) return choices.join(', ');
  return [minimum === undefined ? '' : `from ${minimum}`, maximum === undefined ? '' : `to ${maximum}`]
    .join(' ')
    .trim();
}

/** Everything about each part of a kind: description, source, every option with its range and default. */
function whole({ name, description, source, options }: Listed): string {
  const rows = describeOptions(options).map((option): readonly [string, string] => {
    const about = [option.type, range(option)].filter((text) => text !== '').join(', ');
    const given = option.required ? 'required' : option.default === undefined ? 'optional' : `default ${value(option)}`;
    return [`  ${option.name}`, `${option.description} (${about}; ${given})`];
  });
  const from = source === undefined ? '' : `  ${source}\n`;
  return `${name}: ${description}\n${from}${rows.length === 0 ? '' : `${table(rows)}\n`}`;
}

function kindNamed(kind: string) {
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (found === undefined) throw unknownNameError('kind of parts', kind, Object.keys(kinds));
  return found;
}

/**
 * Everything about all parts, or those of one kind, as plain data.
 * @throws GanKitError `unknown-name` for a kind that does not exist.
 */
export function describeParts(kind?: string): unknown {
  const described = ({ parts }: (typeof kinds)[string]) =>
    parts.map(({ name, description, source, options }) => ({
      name,
      description,
      source,
      options: describeOptions(options),
    }));
  if (kind !== undefined) return { [kind]: described(kindNamed(kind)) };
  return Object.fromEntries(Object.entries(kinds).map(([name, each]) => [name, described(each)]));
}

/**
 * The names with a line each, or everything about the parts of one kind.
 * @throws GanKitError `unknown-name` for a kind that does not exist.
 */
export function listParts(kind?: string): string {
  if (kind === undefined) {
    return Object.values(kinds)
      .map(({ title, parts }) => `${title}\n${table(parts.map(brief))}\n`)
      .join('\n');
  }
  const found = kindNamed(kind);
  return `${found.title}\n\n${found.parts.map(whole).join('\n')}`;
}
