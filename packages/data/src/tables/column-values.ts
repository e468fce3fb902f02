// What the cells of one column of a table are: numbers, names, or nothing.
import { GanKitError } from '@gankit/core';

/** A cell as a file gives it. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** A column as a file gives it. */
export interface RawColumn {
  readonly name: string;
  readonly cells: readonly Cell[];
}

/** Texts that stand for nothing, as tables of pandas, R and spreadsheets have them. */
const nothing = new Set(['', 'na', 'n/a', '#n/a', 'nan', '-nan', 'null', 'none', '?']);

/** Whether a cell holds nothing. */
export function isMissing(cell: Cell): boolean {
  if (typeof cell === 'string') return nothing.has(cell.trim().toLowerCase());
  return cell === null || cell === undefined || Number.isNaN(cell);
}

const plainNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const infinite = /^[-+]?inf(inity)?$/i;

/** The number that a cell is; `undefined` when it is none, infinite when the file says so. */
export function numberOfCell(cell: Cell): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell !== 'string') return undefined;
  const text = cell.trim();
  if (plainNumber.test(text)) return Number(text);
  return infinite.test(text) ? Number.POSITIVE_INFINITY : undefined;
}

/** Whether every cell that holds something is a number. */
export function isNumeric({ cells }: RawColumn): boolean {
  return cells.every((cell) => isMissing(cell) || numberOfCell(cell) !== undefined);
}

/** The name that a cell is. */
export function nameOfCell(cell: Cell): string {
  return String(cell).trim();
}

/**
 * The numbers of a column, `NaN` where there is nothing.
 * @throws GanKitError `invalid-data` for one that is not finite in float32, with its row.
 */
export function numbersOfColumn(table: string, { name, cells }: RawColumn): Float64Array {
  return Float64Array.from(cells, (cell, row) => {
    if (isMissing(cell)) return Number.NaN;
    const number = numberOfCell(cell)!;
    if (Number.isFinite(Math.fround(number))) return number;
    throw new GanKitError(
      'invalid-data',
      `'${table}' has ${String(cell)} in the column '${name}', row ${row + 1}, which is no finite number; correct or remove it.`,
      { value: cell },
    );
  });
}
