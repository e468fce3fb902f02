import { type FileHandle, open } from 'node:fs/promises';
import { GanKitError, type TrainingCallback } from '@gankit/core';

/** Lines that are collected before they are written; a run that is killed loses at most these. */
const bufferedLines = 50;

/** A callback that writes one line of JSON for each step, and `close`, which writes what is left. */
export interface JsonLines {
  readonly onEvent: TrainingCallback;
  close(): Promise<void>;
}

/**
 * Writes the step events of a run to a new file, a line each: step, losses, scores, penalties. It holds no times, so two runs
 * with the same seed write the same bytes.
 * @throws GanKitError `file` when the file exists or cannot be written.
 */
export async function jsonLines(path: string): Promise<JsonLines> {
  const failure = (cause: unknown) =>
    new GanKitError('file', `'${path}' cannot be written (${(cause as Error).message}).`, { path, cause });
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
  } catch (cause) {
    throw failure(cause);
  }
  let lines: string[] = [];
  async function flush(): Promise<void> {
    const text = lines.join('');
    lines = [];
    try {
      if (text !== '') await file.write(text);
    } catch (cause) {
      throw failure(cause);
    }
  }
  return {
    async onEvent(event) {
      if (event.type === 'step') {
        const { type, ...numbers } = event;
        lines.push(`${JSON.stringify(numbers)}\n`);
      }
      if (event.type === 'end' || lines.length >= bufferedLines) await flush();
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
