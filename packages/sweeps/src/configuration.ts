// The configurations of a sweep: every combination of its variables, or as many random ones as it asks for.
import { GanKitError, RandomStream } from '@gankit/core';
import { shown } from '@gankit/core/registry';
import { joinRecipes } from '@gankit/recipes';
import { mostTrials, type Sweep, type Variable } from './sweep.ts';

/** One way to set every variable, without a seed. */
export interface Configuration {
  readonly index: number;
  /** What each variable is, by its name, as tables show it. */
  readonly values: Readonly<Record<string, string>>;
  /** The recipe, unchecked. */
  readonly recipe: unknown;
}

/** A variable that has been set. */
interface Setting {
  readonly label: string;
  apply(recipe: unknown): unknown;
}

/** `loss` of { name: 'hinge' } is hinge; numbers and words are themselves. */
function labelOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(labelOf).join(' + ');
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, ...options } = value as Readonly<Record<string, unknown>>;
  const rest = Object.entries(options).map(([key, of]) => `${key}=${labelOf(of)}`);
  return [...(name === undefined ? [] : [String(name)]), ...rest].join(' ');
}

/** The keys of `penalties[0].gamma`. */
function keysOf(path: string): readonly string[] {
  return path.split(/[.[\]]/).filter((key) => key !== '');
}

/** A copy of the recipe with a value at a path, joined with what stands there. */
function withValue(recipe: unknown, [key, ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (key === undefined) return joinRecipes(recipe, value);
  if (Array.isArray(recipe)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index >= recipe.length) {
      throw new GanKitError(
        'invalid-argument',
        `The sweep varies ${path}, but the list there has ${recipe.length} entries, counted from 0; add one to the base.`,
        { value: path },
      );
    }
    return recipe.map((each, at) => (at === index ? withValue(each, rest, value, path) : each));
  }
  if (typeof recipe === 'object' || recipe === undefined) {
    const before = (recipe ?? {}) as Readonly<Record<string, unknown>>;
    const inner = Object.hasOwn(before, key) ? before[key] : undefined;
    return { ...before, [key]: withValue(inner, rest, value, path) };
  }
  throw new GanKitError('invalid-argument', `The sweep varies ${path}, but ${shown(recipe)} has nothing inside.`, {
    value: path,
  });
}

function setting(paths: readonly string[], value: unknown): Setting {
  return {
    label: labelOf(value),
    apply: (recipe) => paths.reduce((joined, path) => withValue(joined, keysOf(path), value, path), recipe),
  };
}

/** The settings of a variable that has a list of them; `undefined` for a range. */
function settingsOf(variable: Variable): readonly Setting[] | undefined {
  if ('choices' in variable) {
    return variable.choices.map(({ label, recipe }) => ({
      label: label ?? labelOf(recipe),
      apply: (base) => joinRecipes(base, recipe),
    }));
  }
  return 'values' in variable ? variable.values.map((value) => setting(variable.paths, value)) : undefined;
}

/** Digits of a number that was drawn: what it is called in tables is what it is. */
const drawnDigits = 4;

function drawSetting(variable: Variable, random: RandomStream): Setting {
  const settings = settingsOf(variable);
  if (settings !== undefined) return settings[random.integer(settings.length)]!;
  const { from, to, scale, whole, paths } = variable as Extract<Variable, { from: number }>;
  const at = random.uniform();
  const drawn = scale === 'log' ? from * (to / from) ** at : from + (to - from) * at;
  const value = whole ? Math.round(drawn) : Number(drawn.toPrecision(drawnDigits));
  return setting(paths, Math.min(to, Math.max(from, value)));
}

function checkVariables({ vary, search }: Sweep): void {
  for (const [index, variable] of vary.entries()) {
    if (vary.findIndex(({ name }) => name === variable.name) !== index) {
      throw new GanKitError('invalid-argument', `The sweep has two variables named '${variable.name}'; rename one.`, {
        value: variable.name,
      });
    }
    if (!('from' in variable)) continue;
    const { name, from, to, scale } = variable;
    if (search.name === 'grid') {
      throw new GanKitError(
        'invalid-argument',
        `A grid has no values to take from the range of '${name}'; give it a list of values, or search at random.`,
        { value: name },
      );
    }
    if (from >= to || (scale === 'log' && from <= 0)) {
      const rule = scale === 'log' ? 'numbers over 0, the lesser first' : 'two numbers, the lesser first';
      throw new GanKitError('invalid-argument', `The range of '${name}' must be ${rule}, not ${from} to ${to}.`, {
        value: [from, to],
      });
    }
  }
}

/**
 * Every configuration of a sweep, in an order that depends on the sweep alone. A random one stays the same when more are asked for.
 * @throws GanKitError `invalid-argument` for variables that do not fit the search or the base, or for more than 100,000 trials.
 */
export function configurationsOf(sweep: Sweep): readonly Configuration[] {
  checkVariables(sweep);
  const { base, vary, search, seeds } = sweep;
  const lists = search.name === 'grid' ? vary.map((variable) => settingsOf(variable)!) : [];
  const count = search.name === 'random' ? search.configurations : lists.reduce((n, list) => n * list.length, 1);
  if (count * seeds.length > mostTrials) {
    throw new GanKitError(
      'invalid-argument',
      `The sweep has ${count * seeds.length} trials; ${mostTrials} are the most. Vary less, or search at random.`,
      { value: count * seeds.length },
    );
  }
  return Array.from({ length: count }, (_, index) => {
    let rest = index;
    // The last variable changes fastest, as the digits of a number do.
    const settings =
      search.name === 'random'
        ? vary.map((variable) => drawSetting(variable, randomFor(search.seed, index).fork(variable.name)))
        : [...lists]
            .reverse()
            .map((list) => {
              const chosen = list[rest % list.length]!;
              rest = Math.floor(rest / list.length);
              return chosen;
            })
            .reverse();
    return {
      index,
      values: Object.fromEntries(vary.map(({ name }, at) => [name, settings[at]!.label])),
      recipe: settings.reduce<unknown>((recipe, { apply }) => apply(recipe), base),
    };
  });
}

const randomFor = (seed: number, index: number) => new RandomStream(seed).fork(`configuration-${index}`);
