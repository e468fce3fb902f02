import { ftruncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { checkOptions, GanKitError, type Json, type State, type Stateful, type TrainingEvent } from '@gankit/core';
import { makeFolder } from '@gankit/core/node';

/** Lines that are collected before they are written. */
const bufferedLines = 50;

/** A callback that writes one line of JSON for each step, and `close`, which writes what is left. */
export interface JsonLines extends Stateful {
  /** `json-lines` and the file's name, so that a run can write several. */
  readonly name: string;
  onEvent(event: TrainingEvent): Promise<void>;
  /** Adds a line of one's own, such as a measurement, after those of the events so far. */
  write(line: Json): void;
  /** The state is the length of the file: a resumed run cuts off what a killed one wrote after its last checkpoint. */
  saveState(): Promise<State>;
  loadState(state: State): void;
  close(): Promise<void>;
}

export interface JsonLinesOptions {
  /** Whether a file that exists is gone on with; false by default: it is then an error. */
  readonly resume?: boolean | undefined;
  /** Which events have lines; steps, findings, rollbacks and swaps by default. */
  readonly events?: readonly TrainingEvent['type'][] | undefined;
}

const loggedEvents = ['step', 'finding', 'rollback', 'swap'] as const;

/**
 * Writes the events of a run to a file, a line each: steps with their numbers, findings, rollbacks and swaps. The file's folder is made when it
 * is not there. It holds no times, so that two runs with the same seed write the same bytes.
 * @throws GanKitError `file` when the file exists (unless it is resumed) or cannot be written.
 */
export async function jsonLines(path: string, options: JsonLinesOptions = {}): Promise<JsonLines> {
  checkOptions('jsonLines', options, { resume: 'optional', events: 'optional' });
  const { resume = false, events = loggedEvents } = options;
  const failure = (cause: unknown) =>
    new GanKitError('file', `'${path}' cannot be written (${(cause as Error).message}).`, { path, cause });
  let file: FileHandle;
  await makeFolder(dirname(path));
  try {
    file = await open(path, resume ? 'a+' : 'ax+');
  } catch (cause) {
    throw failure(cause);
  }
  let lines: string[] = [];
  async function flush(): Promise<void> {
    const text = lines.join('');
    lines = [];
    try {
      if (text !== '') await file.appendFile(text);
    } catch (cause) {
      throw failure(cause);
    }
  }
  return {
    name: `json-lines ${basename(path)}`,
    async onEvent(event) {
      if (events.includes(event.type)) {
        // Most lines are steps, which need no word for it.
        const { type, ...numbers } = event;
        lines.push(`${JSON.stringify(type === 'step' ? numbers : event)}\n`);
      }
      if (event.type === 'end' || event.type === 'error' || lines.length >= bufferedLines) await flush();
    },
    write(line) {
      lines.push(`${JSON.stringify(line)}\n`);
    },
    async saveState() {
      await flush();
      await file.datasync();
      return { values: { bytes: (await file.stat()).size } };
    },
    loadState({ values }) {
      const bytes = values?.['bytes'];
      if (typeof bytes !== 'number') {
        throw new GanKitError('invalid-data', `The saved length of '${path}' is missing.`, { path });
      }
      lines = [];
      ftruncateSync(file.fd, bytes);
    },
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}
