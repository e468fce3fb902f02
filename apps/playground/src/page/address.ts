// The page's address: which view, and the experiment in it, so that a link is enough to repeat it.
import type { Experiment } from '../protocol.ts';

export type View = 'points' | 'pictures' | 'questions';

export interface Place {
  readonly view: View;
  /** The question that is open. */
  readonly question?: string | undefined;
  readonly experiment?: Experiment | undefined;
  /** What is wrong with the address, in a sentence. */
  readonly fault?: string | undefined;
}

const views: readonly View[] = ['points', 'pictures', 'questions'];

/** Longer than any experiment that the page makes. */
const longest = 100_000;

function parse(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return value as Record<string, unknown>;
}

/** Reads a fragment such as `#points?recipe={...}`; anything that is wrong with it becomes a sentence, never an error. */
export function readAddress(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [first = '', question] = path.split('/');
  const view = views.find((each) => each === first) ?? 'points';
  const place: Place = { view, ...(view === 'questions' && question ? { question } : {}) };
  if (first !== '' && !views.includes(first as View)) {
    return { ...place, fault: `There is no page '${first.slice(0, 40)}' here; this is the game on points.` };
  }
  if (query === '') return place;
  if (query.length > longest)
    return { ...place, fault: 'The address is too long for an experiment; this is a new game.' };
  try {
    const parameters = new URLSearchParams(query);
    const recipe = parameters.get('recipe');
    const against = parameters.get('against');
    if (recipe === null) return place;
    return { ...place, experiment: { recipe: parse(recipe), ...(against !== null && { against: parse(against) }) } };
  } catch {
    return {
      ...place,
      fault: 'The address was damaged on its way, and its recipe cannot be read; this is a new game.',
    };
  }
}

/** JSON in an address, with as few escapes as browsers allow. */
const inAddress = (value: unknown) =>
  encodeURIComponent(JSON.stringify(value)).replace(/%(2C|3A|5B|5D|7B|7D)/g, (escaped) => decodeURIComponent(escaped));

/** The fragment of a place. */
export function writeAddress({ view, question, experiment }: Place): string {
  const path = question === undefined ? view : `${view}/${question}`;
  if (experiment === undefined) return `#${path}`;
  const against = experiment.against === undefined ? '' : `&against=${inAddress(experiment.against)}`;
  return `#${path}?recipe=${inAddress(experiment.recipe)}${against}`;
}
