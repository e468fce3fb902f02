// What an app knows about an option without reading code: enough for a command line's help and a form's field.
import { checkInteger, checkNumber, GanKitError, unknownNameError } from '@gankit/core';

interface Described {
  /** The option's name, as in the function's options object. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly description: string;
}

/** A number, with the range that is accepted. */
export interface NumberOption extends Described {
  readonly type: 'number';
  readonly default: number;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Whether only whole numbers are accepted. */
  readonly integer?: boolean | undefined;
}

/** A switch. */
export interface BooleanOption extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** One of several words. */
export interface ChoiceOption extends Described {
  readonly type: 'choice';
  readonly default: string;
  readonly choices: readonly string[];
}

/** The schema of one option. */
export type OptionSchema = NumberOption | BooleanOption | ChoiceOption;

/** Options as an app holds them. */
export type OptionValues = Readonly<Record<string, number | boolean | string>>;

function checkOption(owner: string, schema: OptionSchema, value: unknown): void {
  const what = `${owner}'s option '${schema.name}'`;
  if (schema.type === 'number' && typeof value === 'number') {
    if (schema.integer) checkInteger(what, value, schema.minimum);
    checkNumber(what, value, schema.minimum, schema.maximum);
    return;
  }
  if (schema.type === 'boolean' && typeof value === 'boolean') return;
  if (schema.type === 'choice' && typeof value === 'string') {
    if (schema.choices.includes(value)) return;
    throw unknownNameError(`choice for ${what}`, value, schema.choices);
  }
  const expected = schema.type === 'choice' ? `one of: ${schema.choices.join(', ')}` : `a ${schema.type}`;
  throw new GanKitError('invalid-argument', `${what} must be ${expected}, not ${JSON.stringify(value)}.`, { value });
}

/**
 * Checks options against their schemas.
 * @param owner The loss's or penalty's name, for the error's sentence.
 * @throws GanKitError `unknown-name` for an option or a choice that does not exist, `invalid-argument` for a wrong type or range.
 */
export function checkOptionValues(owner: string, schemas: readonly OptionSchema[], values: OptionValues): void {
  for (const [name, value] of Object.entries(values)) {
    const schema = schemas.find((candidate) => candidate.name === name);
    if (schema === undefined) {
      if (schemas.length === 0) {
        throw new GanKitError('unknown-name', `${owner} has no options; remove '${name}'.`, { value: name });
      }
      throw unknownNameError(
        `option of ${owner}`,
        name,
        schemas.map((known) => known.name),
      );
    }
    checkOption(owner, schema, value);
  }
}

/**
 * Turns the text of a command line or a form into an option's value.
 * @throws GanKitError `invalid-argument` when it is no number, no boolean (`true` or `false`) or none of the choices.
 */
export function parseOption(owner: string, schema: OptionSchema, text: string): number | boolean | string {
  const trimmed = text.trim();
  let value: number | boolean | string = trimmed;
  if (schema.type === 'number' && trimmed !== '' && !Number.isNaN(Number(trimmed))) value = Number(trimmed);
  if (schema.type === 'boolean' && (trimmed === 'true' || trimmed === 'false')) value = trimmed === 'true';
  checkOption(owner, schema, value);
  return value;
}
