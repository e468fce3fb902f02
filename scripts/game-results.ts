// What docs/game-results.json holds.
import type { common, Outcome } from './game-experiment.ts';
import type { Attribution, LongGame } from './game-questions.ts';

/** One game that was played, or why it could not be. */
export interface GameResult extends Partial<Outcome> {
  readonly name: string;
  readonly seed: number;
  readonly failed?: string;
}

export interface LongGameResult extends Outcome, Omit<LongGame, 'outcome'> {
  readonly seed: number;
}

export interface Results {
  readonly settings: typeof common;
  backend: string;
  readonly games: GameResult[];
  readonly long: LongGameResult[];
  attribution?: Attribution;
  /** Processor time of a step over that of the plain game, by game: played in turn, so that what else runs disturbs both. */
  costs?: Record<string, number>;
}

export function emptyResults(settings: typeof common): Results {
  return { settings, backend: 'none', games: [], long: [] };
}

/** Whether results were measured with these settings; others are not mixed with them. */
export function comparable({ settings }: Results, now: typeof common): boolean {
  return JSON.stringify(settings) === JSON.stringify(now);
}

const digits = 4;
/** Points that are kept of the curve of gradient norms. */
const keptNorms = 40;

/** Neighbours as their mean, so that at most `keptNorms` points are left. */
function thinned(norms: Outcome['gradientNorms']): Outcome['gradientNorms'] {
  const groups = Math.min(keptNorms, norms.length);
  return Array.from({ length: groups }, (_, group) => {
    const from = Math.floor((group * norms.length) / groups);
    const part = norms.slice(from, Math.floor(((group + 1) * norms.length) / groups));
    const mean = (index: 0 | 1) => part.reduce((sum, point) => sum + point[index], 0) / part.length;
    return [Math.round(mean(0)), mean(1)] as const;
  });
}

/** An outcome with as many digits as it deserves, so that the file stays small. @param every Which probes are kept; the last is. */
export function shortened(outcome: Outcome, every = 1): Outcome {
  const { probes, gradientNorms } = outcome;
  const kept = probes.filter((_, index) => (probes.length - 1 - index) % every === 0);
  const text = JSON.stringify({ ...outcome, probes: kept, gradientNorms: thinned(gradientNorms) }, (_, value) => {
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(digits)) : value;
  });
  return JSON.parse(text) as Outcome;
}
