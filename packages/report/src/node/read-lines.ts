// Files with an object of JSON in each line, of any length, also while somebody writes them.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { GanKitError } from '@gankit/core';

/** No line of a log is longer, in UTF-16 code units. */
const longestLine = 1_000_000;

/**
 * Gives each line's object to a function. A last line without its end is being written, and is passed over.
 * @returns How many lines were no objects. A file that is not there has no lines.
 * @throws GanKitError `file` when it cannot be read.
 */
export async function readLines(
  path: string,
  take: (line: Readonly<Record<string, unknown>>) => void,
): Promise<{ readonly damaged: number }> {
  let damaged = 0;
  const takeText = (text: string, isLast: boolean) => {
    if (text.trim() === '') return;
    try {
      const line: unknown = text.length > longestLine ? undefined : JSON.parse(text);
      if (typeof line === 'object' && line !== null && !Array.isArray(line))
        take(line as Readonly<Record<string, unknown>>);
      else damaged++;
    } catch {
      if (!isLast) damaged++;
    }
  };
  const stream = createReadStream(path, 'utf8');
  let before: string | undefined;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (before !== undefined) takeText(before, false);
      before = text;
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { damaged: 0 };
    throw new GanKitError('file', `'${path}' cannot be read (${(cause as Error).message}).`, { path, cause });
  } finally {
    stream.destroy();
  }
  if (before !== undefined) takeText(before, true);
  return { damaged };
}
