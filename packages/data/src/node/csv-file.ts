// Tables as text: values with commas, semicolons, tabs or bars between them (through csv-parse, an optional package).
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { GanKitError } from '@gankit/core';
import type { Cell, RawColumn } from '../tables/column-values.ts';
import { optionalPackage } from './optional-package.ts';
import { isAddress, localPath, openRandomAccess, readWhole } from './random-access.ts';

/** Bytes that are looked at to find out what stands between the values. */
const looked = 65_536;
/** A table larger than this is no text to be held in memory. */
const longest = 2 ** 30;

/** What stands between the values of a line, outside quotes: what occurs most often in the first line. */
export function delimiterOf(text: string): string {
  const [line = ''] = text.replace(/"[^"]*"/g, '').split(/\r\n|\n|\r/, 1);
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length - 1 }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

const decimalComma = /^[-+]?\d+,\d+(e[-+]?\d+)?$/i;

/** Whether a line is no names but values: one of its cells is a number. */
function isValues(cells: readonly string[]): boolean {
  return cells.some(
    (cell) => /^[-+]?[\d.]/.test(cell.trim()) && Number.isFinite(Number(cell.trim().replace(',', '.'))),
  );
}

/**
 * The columns of a table in a text file. The first line names them; where a number stands in it they are named `column 1`, `column 2`, ... Where
 * values stand between other signs than commas, a comma is a decimal point.
 * @throws GanKitError `invalid-data` for a file that is no table, with the line; `file` when it or the package `csv-parse` cannot be read.
 */
export async function readCsv(path: string): Promise<RawColumn[]> {
  const { parse } = await optionalPackage('Tables are read by', 'csv-parse', () => import('csv-parse'));
  const file = await openRandomAccess(path);
  const refuse = (what: string, cause?: unknown) =>
    new GanKitError('invalid-data', `'${path}' ${what}.`, { path, cause });
  let start: string;
  try {
    if (file.size === 0) throw refuse('is empty; give a table');
    if (file.size > longest) {
      throw refuse(`has ${file.size} bytes, and text is read up to ${longest}; write the table as Parquet`);
    }
    const bytes = await file.read(0, Math.min(looked, file.size));
    if (bytes.includes(0)) throw refuse('is no text; a table is a CSV file in UTF-8, or a Parquet file');
    start = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
  const delimiter = delimiterOf(start);
  const input = isAddress(path)
    ? Readable.from([Buffer.from(await readWhole(path))])
    : createReadStream(localPath(path));
  const parser = input.pipe(
    parse({ delimiter, bom: true, skip_empty_lines: true, max_record_size: looked, trim: true }),
  );
  input.on('error', (error: Error) => parser.destroy(error));
  let names: string[] | undefined;
  let columns: Cell[][] = [];
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (names === undefined) {
        const values = isValues(cells);
        names = cells.map((cell, at) => (values || cell === '' ? `column ${at + 1}` : cell));
        columns = names.map(() => []);
        if (!values) continue;
      }
      cells.forEach((cell, at) => {
        const text = delimiter !== ',' && decimalComma.test(cell) ? cell.replace(',', '.') : cell;
        columns[at]!.push(text);
      });
    }
  } catch (cause) {
    throw refuse(`is no table that can be read (${(cause as Error).message.split('\n')[0]}); correct it`, cause);
  }
  return (names ?? []).map((name, at) => ({ name, cells: columns[at]! }));
}
