// Lists on a command line: `hinge,wasserstein:weight=2`, `1e-4,2e-4`, `1..5`, `0.01..10:log`.
import { GanKitError } from '@gankit/core';

/**
 * Parts that are separated by commas. A comma before `option=value` belongs to the part before it, one within brackets to a list:
 * `hinge,codes:categorical=[10,5],continuous=2,wasserstein` has three.
 */
export function partTexts(text: string): readonly string[] {
  const parts: string[] = [];
  for (const piece of text.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? []) {
    if (/^[^:+]*=/.test(piece) && parts.length > 0) parts[parts.length - 1] += `,${piece}`;
    else parts.push(piece);
  }
  return parts;
}

/** `wasserstein+gradient-penalty:weight=5`: a part and what is added to it. (A plus before a digit is an exponent's.) */
export function joinedTexts(text: string): readonly [string, ...string[]] {
  return text.split(/\+(?=[a-z])/) as unknown as [string, ...string[]];
}

/** Numbers that are separated by commas, each at least `minimum`. */
export function numbersOf(option: string, text: string, { minimum = 0, whole = false } = {}): readonly number[] {
  return text.split(',').map((each) => {
    const value = Number(each);
    const fits =
      each.trim() !== '' && Number.isFinite(value) && value >= minimum && (!whole || Number.isSafeInteger(value));
    if (fits && (whole || value > minimum)) return value;
    throw new GanKitError(
      'invalid-argument',
      `${option} takes ${whole ? `whole numbers of at least ${minimum}` : `numbers over ${minimum}`}, separated by commas, not '${each}'.`,
      { value: text },
    );
  });
}

/** More seeds than this are a slip of the hand. */
const mostSeeds = 10_000;

/** `3` is the first three seeds, `1..5` is five, `2,7,11` are three. */
export function seedsOf(text: string): readonly number[] {
  const [, from = '', to = ''] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const first = from === '' ? 1 : Number(from);
  const last = from === '' ? Number(/^\d+$/.test(text) ? text : Number.NaN) : Number(to);
  if (Number.isNaN(last) && /^\d+(,\d+)+$/.test(text)) return text.split(',').map(Number);
  if (last >= first && last - first < mostSeeds) return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  throw new GanKitError(
    'invalid-argument',
    `--seeds takes a number of seeds such as 3, a range such as 1..5, or a list such as 2,7,11; not '${text}'.`,
    { value: text },
  );
}

/** `0.01..10` and `0.01..10:log`; `undefined` for anything else. */
export function rangeOf(text: string): { from: number; to: number; scale: 'linear' | 'log' } | undefined {
  const [, from, to, log] = /^([^.,][^,]*?)\.\.([^,:]+)(:log)?$/.exec(text) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const range = {
    from: Number(from),
    to: Number(to),
    scale: log === undefined ? ('linear' as const) : ('log' as const),
  };
  return Number.isFinite(range.from) && Number.isFinite(range.to) ? range : undefined;
}

/** Values of any kind, separated by commas: each is read as JSON where it is JSON, as text elsewhere. */
export function valuesOf(text: string): readonly unknown[] {
  try {
    // A comma within brackets and braces separates nothing, which JSON itself knows best.
    return JSON.parse(`[${text}]`) as readonly unknown[];
  } catch {
    return text.split(',').map((each) => {
      try {
        return JSON.parse(each) as unknown;
      } catch {
        return each;
      }
    });
  }
}
