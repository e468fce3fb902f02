// What an app shows of options: read out of their schemas, so that nothing is said twice.
import type * as v from 'valibot';
import type { OptionEntries } from './option.ts';

/** One option, as a list of options or a form shows it. */
export interface OptionDescription {
  readonly name: string;
  readonly description: string;
  readonly type: 'number' | 'whole number' | 'flag' | 'choice' | 'choices' | 'text' | 'whole numbers' | 'other';
  /** What counts when it is left out; absent when the part itself decides. */
  readonly default?: unknown;
  readonly required: boolean;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly choices?: readonly (string | number)[] | undefined;
}

/** What is read of a schema of valibot: its members are plain data. */
interface Shape {
  readonly type: string;
  readonly wrapped?: Shape;
  readonly default?: unknown;
  readonly pipe?: readonly (Shape & { readonly requirement?: unknown; readonly description?: string })[];
  readonly options?: readonly (string | number)[];
  readonly item?: Shape;
}

/** The bounds that stand for "none" in the schemas. */
const bound = (value: unknown) =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

/** A pipe in a pipe, such as a described number, in one list. */
function actionsOf(schema: Shape): NonNullable<Shape['pipe']> {
  return (schema.pipe ?? []).flatMap((action) =>
    action.pipe === undefined ? [action] : [action, ...actionsOf(action)],
  );
}

function describeOption(name: string, entry: Shape): OptionDescription {
  const optional = entry.type === 'optional';
  const schema = optional ? entry.wrapped! : entry;
  const actions = actionsOf(schema);
  const requirement = (type: string) => bound(actions.find((action) => action.type === type)?.requirement);
  const described = actions.find((action) => action.type === 'description')?.description ?? '';
  const kinds: Readonly<Record<string, OptionDescription['type']>> = {
    number: actions.some(({ type }) => type === 'integer') ? 'whole number' : 'number',
    boolean: 'flag',
    picklist: 'choice',
    string: 'text',
    array:
      ({ number: 'whole numbers', picklist: 'choices' }[schema.item?.type ?? ''] as 'choices' | undefined) ?? 'other',
  };
  const type = kinds[schema.type] ?? 'other';
  return {
    name,
    description: described,
    type,
    required: !optional,
    ...(optional && entry.default !== undefined && { default: entry.default }),
    minimum: requirement('min_value'),
    maximum: requirement('max_value'),
    // A part among several has `options` as well: their schemas, which are no plain data.
    choices: type === 'choice' ? schema.options : type === 'choices' ? schema.item?.options : undefined,
  };
}

/** The options of a part, in the order in which they were written. */
export function describeOptions(entries: OptionEntries): OptionDescription[] {
  return Object.entries(entries).map(([name, schema]) =>
    describeOption(name, schema as v.GenericSchema as unknown as Shape),
  );
}

/**
 * The value that a command line or a form means by a text. A text that means none is given back as it is, for the schema to refuse
 * with the reason.
 */
export function optionFromText({ type, choices }: Pick<OptionDescription, 'type' | 'choices'>, text: string): unknown {
  const trimmed = text.trim();
  const numeric = (part: string) => (part.trim() !== '' && Number.isFinite(Number(part)) ? Number(part) : part);
  switch (type) {
    case 'number':
    case 'whole number':
      return numeric(trimmed);
    case 'flag':
      return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : trimmed;
    case 'whole numbers':
      return trimmed.split(/[\s,x]+/).map(numeric);
    case 'choice':
      return choices?.find((each) => String(each) === trimmed) ?? trimmed;
    case 'choices':
      return trimmed.split(/[\s,]+/);
    default:
      return trimmed;
  }
}
