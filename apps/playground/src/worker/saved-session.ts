// What is kept between two visits, in IndexedDB: training goes on where it was after a reload.
import { get, set } from 'idb-keyval';
import type { Experiment } from '../protocol.ts';
import type { SavedGame } from './game.ts';

/** Written into every session; another number is another format, which is not read. */
const version = 2;

/** Games that can go on. */
export interface Resumable {
  readonly experiment: Experiment;
  readonly games: readonly SavedGame[];
  readonly playing: boolean;
}

interface SavedSession extends Resumable {
  readonly version: number;
}

/** One session for each experiment would fill the disk; one for each kind of data is what people come back to. */
const keyOf = (kind: 'points' | 'images') => `session-${kind}`;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Saves; where there is no room or no database, the session is simply not kept. */
export async function saveSession(kind: 'points' | 'images', session: Resumable): Promise<void> {
  await set(keyOf(kind), { version, ...session } satisfies SavedSession).catch(() => undefined);
}

/** The session of this very experiment, if it is kept. */
export async function loadSession(experiment: Experiment): Promise<Resumable | undefined> {
  for (const kind of ['points', 'images'] as const) {
    const saved = await get<SavedSession>(keyOf(kind)).catch(() => undefined);
    if (saved?.version === version && same(saved.experiment, experiment)) return saved;
  }
  return undefined;
}
