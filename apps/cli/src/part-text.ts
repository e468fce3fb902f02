// Parts on a command line: `gradient-penalty:weight=5,interval=4`, and values at paths: `optimizers.generator.beta1=0.5`.
import { GanKitError } from '@gankit/core';
import { describeOptions, type NamedPart, type OptionEntries, optionFromText } from '@gankit/core/registry';

/** What is needed of a registry to read its parts. */
export interface PartNames {
  entry(name: string): { readonly options: OptionEntries };
}

/** Commas part options; one within brackets belongs to a list: `codes:categorical=[10,5],continuous=2`. */
function pairsOf(text: string): readonly string[] {
  return text.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? [];
}

/**
 * A part from its text. Options that it does not have are kept, for the recipe's schema to refuse with advice.
 * @param option What is given it, for the sentence: `--loss`.
 * @throws GanKitError `invalid-argument` for a text of another form, `unknown-name`.
 */
export function partFromText(option: string, names: PartNames, text: string): NamedPart {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const described = describeOptions(names.entry(name).options);
  const options = (colon < 0 ? [] : pairsOf(text.slice(colon + 1))).map((pair) => {
    const [key = '', value, ...rest] = pair.split('=');
    if (key === '' || value === undefined || value === '' || rest.length > 0) {
      throw new GanKitError(
        'invalid-argument',
        `${option} takes NAME or NAME:option=value,option=value, not '${text}'.`,
        { value: text },
      );
    }
    const known = described.find((each) => each.name === key);
    return [key, known === undefined ? value : optionFromText(known, value.replaceAll(/[[\]]/g, ' '))] as const;
  });
  return { name, ...Object.fromEntries(options) };
}

/** Keys that would reach into every object's prototype. */
const forbidden = ['__proto__', 'constructor', 'prototype'];

/**
 * A value at a path of a recipe: `stopping.steps=500`, `penalties.0.gamma=5`. The value is read as JSON where it is JSON, as text elsewhere.
 * @throws GanKitError `invalid-argument` for a text of another form, or a path into something that is no object and no list.
 */
export function setAtPath(recipe: object, text: string): void {
  const equals = text.indexOf('=');
  const path = text
    .slice(0, Math.max(0, equals))
    .split(/[.[\]]/)
    .filter((key) => key !== '');
  if (path.length === 0 || path.some((key) => forbidden.includes(key))) {
    throw new GanKitError('invalid-argument', `--set takes PATH=VALUE, such as stopping.steps=500, not '${text}'.`, {
      value: text,
    });
  }
  const written = text.slice(equals + 1);
  let value: unknown = written;
  try {
    value = JSON.parse(written);
  } catch {
    // Words need no quotes.
  }
  let place = recipe as Record<string, unknown>;
  for (const [index, key] of path.slice(0, -1).entries()) {
    place[key] ??= /^\d+$/.test(path[index + 1]!) ? [] : {};
    const next = place[key];
    if (typeof next !== 'object' || next === null) {
      throw new GanKitError(
        'invalid-argument',
        `--set ${text}: '${path.slice(0, index + 1).join('.')}' is ${JSON.stringify(next)}, which has nothing inside.`,
        { value: text },
      );
    }
    place = next as Record<string, unknown>;
  }
  place[path.at(-1)!] = value;
}

/**
 * Options from texts such as `side=32`, each value read as JSON where it is JSON, as text elsewhere.
 * @throws GanKitError As {@link setAtPath}.
 */
export function optionsFromText(texts: readonly string[] = []): Readonly<Record<string, unknown>> {
  const options = {};
  for (const text of texts) setAtPath(options, text.replace(/^data\./, ''));
  return options;
}
