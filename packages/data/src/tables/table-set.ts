// Rows of a table as samples: numbers scaled to [-1, 1], categories as one number each.
import {
  type CategoryColumn,
  checkChoice,
  checkOptions,
  type DataSource,
  GanKitError,
  type NumberColumn,
  nearestName,
  type TableColumn,
} from '@gankit/core';
import { arraySet } from '../array-set.ts';
import { isMissing, isNumeric, nameOfCell, numbersOfColumn, type RawColumn } from './column-values.ts';
import { columnWidth } from './table-rows.ts';

export const missingValues = ['fail', 'drop', 'fill'] as const;

/** How the columns of a table become samples. */
export interface TablePolicy {
  /**
   * What a cell without a value does: `fail` (the default) refuses the table and names the first, `drop` leaves out its row, `fill` puts the
   * mean of its column there, or its most frequent category.
   */
  readonly missing?: (typeof missingValues)[number] | undefined;
  /** Columns that are categories although they hold numbers, such as postcodes. Those that hold texts always are. */
  readonly categories?: readonly string[] | undefined;
  /** The column whose values are the classes of the rows; it is no part of a sample then. */
  readonly label?: string | undefined;
  /** Columns that are not read, such as a running number. */
  readonly leaveOut?: readonly string[] | undefined;
}

export interface TableSetOptions extends TablePolicy {
  /** The name for messages, for example `iris`. */
  readonly name: string;
  /** All of one length, each under a name of its own. */
  readonly columns: readonly RawColumn[];
}

/** The most categories of a column: each is a number of the sample. */
const mostCategories = 256;

interface ReadColumn {
  readonly column: TableColumn;
  /** A number, or the place of a category; `NaN` where there is nothing. */
  readonly values: Float64Array;
}

function readNumbers(table: string, raw: RawColumn): ReadColumn {
  const values = numbersOfColumn(table, raw);
  let [minimum, maximum, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    whole &&= Number.isInteger(value);
  }
  return { column: { name: raw.name, kind: 'number', minimum, maximum, whole }, values };
}

function categoriesOf(raw: RawColumn): string[] {
  const names = new Set<string>();
  for (const cell of raw.cells) if (!isMissing(cell)) names.add(nameOfCell(cell));
  const numeric = isNumeric(raw);
  return [...names].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
}

function readCategories(table: string, raw: RawColumn, most: number): ReadColumn {
  const categories = categoriesOf(raw);
  if (categories.length > most) {
    throw new GanKitError(
      'invalid-data',
      `The column '${raw.name}' of '${table}' has ${categories.length} different values, such as '${categories[0]}', and at most ${most} are categories; leave it out (leaveOut) or correct what is no number in it.`,
      { value: raw.name },
    );
  }
  const places = new Map(categories.map((name, place) => [name, place]));
  const values = Float64Array.from(raw.cells, (cell) => (isMissing(cell) ? Number.NaN : places.get(nameOfCell(cell))!));
  return { column: { name: raw.name, kind: 'category', categories }, values };
}

function mean(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

function mostFrequent(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [Number.NaN, 0] as const)[0];
}

/** The rows that are used, after what the policy says of cells without a value. */
function usedRows(table: string, read: readonly ReadColumn[], rows: number, missing: TablePolicy['missing']): number[] {
  if (missing === 'fill') {
    for (const { column, values } of read) {
      const filling = column.kind === 'number' ? mean(values) : mostFrequent(values);
      const place = column.kind === 'number' && column.whole ? Math.round(filling) : filling;
      values.forEach((value, row) => {
        if (Number.isNaN(value)) values[row] = place;
      });
    }
  }
  const used: number[] = [];
  for (let row = 0; row < rows; row++) {
    const empty = read.find(({ values }) => Number.isNaN(values[row]!));
    if (empty === undefined) used.push(row);
    else if (missing !== 'drop') {
      throw new GanKitError(
        'invalid-data',
        `'${table}' has no value in the column '${empty.column.name}', row ${row + 1}; leave such rows out (missing: 'drop'), fill them (missing: 'fill'), or leave the column out.`,
        { value: empty.column.name },
      );
    }
  }
  if (used.length > 0) return used;
  throw new GanKitError(
    'invalid-data',
    `No row of '${table}' is whole; leave columns out, or fill them (missing: 'fill').`,
  );
}

/** The numbers of a sample for one value of a column. */
function encode(column: TableColumn, value: number, into: Float32Array, at: number): void {
  if (column.kind === 'category') {
    into.fill(-1, at, at + column.categories.length);
    into[at + value] = 1;
    return;
  }
  const { minimum, maximum } = column;
  const scaled = maximum === minimum ? 0 : ((value - minimum) / (maximum - minimum)) * 2 - 1;
  into[at] = Math.max(-1, Math.min(1, scaled));
}

function checkNames(table: string, what: string, names: readonly string[], columns: readonly RawColumn[]): void {
  const known = columns.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  throw new GanKitError(
    'unknown-name',
    `'${table}' has no column '${unknown}' (${what}); ${nearest === undefined ? `its columns are ${known.slice(0, 50).join(', ')}` : `did you mean '${nearest}'?`}`,
    { value: unknown },
  );
}

function checkColumns(name: string, columns: readonly RawColumn[]): number {
  const rows = columns[0]?.cells.length ?? 0;
  if (rows === 0) throw new GanKitError('invalid-data', `The table '${name}' has no rows; give one that has some.`);
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column.name)) {
      throw new GanKitError('invalid-data', `'${name}' has two columns named '${column.name}'; rename one.`);
    }
    seen.add(column.name);
    if (column.cells.length === rows) continue;
    throw new GanKitError(
      'invalid-data',
      `The column '${column.name}' of '${name}' has ${column.cells.length} cells and the first one ${rows}; make them alike.`,
    );
  }
  return rows;
}

function notesOf(read: readonly ReadColumn[], rows: number, used: number): string[] {
  const numbers = read.filter(({ column }) => column.kind === 'number').length;
  const kinds = read.flatMap(({ column }) =>
    column.kind === 'category' ? [`${column.name} (${column.categories.length})`] : [],
  );
  const parts = [
    ...(numbers === 0 ? [] : [`${numbers} ${numbers === 1 ? 'column' : 'columns'} of numbers`]),
    ...(kinds.length === 0 ? [] : [`categories: ${kinds.join(', ')}`]),
  ];
  return [
    `The table has ${parts.join('; ')}.`,
    ...(used < rows ? [`${rows - used} of ${rows} rows are left out, because a value is missing in them.`] : []),
  ];
}

/**
 * A data source of the rows of a table. A column of numbers is scaled so that its minimum is -1 and its maximum 1; a column of texts becomes a
 * number for each of its categories, 1 for the one that it is and -1 for the others. `tableRows` leads back.
 * @throws GanKitError `invalid-data` that names column and row for a missing or infinite value, and for a column with more than 256 texts;
 *   `unknown-name` for a column that is not there.
 */
export function tableSet(options: TableSetOptions): DataSource {
  checkOptions('tableSet', options, {
    name: 'required',
    columns: 'required',
    missing: 'optional',
    categories: 'optional',
    label: 'optional',
    leaveOut: 'optional',
  });
  const { name, columns, missing = 'fail', categories = [], label, leaveOut = [] } = options;
  checkChoice('treatment of missing values', missing, missingValues);
  const rows = checkColumns(name, columns);
  checkNames(name, 'leaveOut', leaveOut, columns);
  checkNames(name, 'categories', categories, columns);
  if (label !== undefined) checkNames(name, 'label', [label], columns);
  const kept = columns.filter((column) => column.name !== label && !leaveOut.includes(column.name));
  if (kept.length === 0) {
    throw new GanKitError('invalid-data', `No column of '${name}' is left to learn from; leave fewer out.`);
  }
  const read = kept.map((raw) => {
    const holdsNothing = raw.cells.every(isMissing);
    if (holdsNothing) {
      throw new GanKitError('invalid-data', `The column '${raw.name}' of '${name}' is empty; leave it out (leaveOut).`);
    }
    const asNumbers = isNumeric(raw) && !categories.includes(raw.name);
    return asNumbers ? readNumbers(name, raw) : readCategories(name, raw, mostCategories);
  });
  const classes =
    label === undefined ? undefined : readCategories(name, columns.find((column) => column.name === label)!, rows);
  const used = usedRows(name, classes === undefined ? read : [...read, classes], rows, missing);
  const width = read.reduce((sum, { column }) => sum + columnWidth(column), 0);
  const values = new Float32Array(used.length * width);
  let at = 0;
  for (const row of used) {
    for (const { column, values: cells } of read) {
      encode(column, cells[row]!, values, at);
      at += columnWidth(column);
    }
  }
  return arraySet({
    name,
    kind: 'table',
    shape: [width],
    values,
    columns: read.map(({ column }): NumberColumn | CategoryColumn => column),
    ...(classes !== undefined && {
      labels: used.map((row) => classes.values[row]!),
      classNames: (classes.column as CategoryColumn).categories,
    }),
    notes: notesOf(read, rows, used.length),
  });
}
