// From samples back to the rows of a table, in its own units and words.
import { GanKitError, type TableColumn } from '@gankit/core';

/** Numbers of a sample that belong to a column. */
export function columnWidth(column: TableColumn): number {
  return column.kind === 'number' ? 1 : column.categories.length;
}

/** Digits that a float32 is sure to keep. */
const sureDigits = 7;

function decode(column: TableColumn, values: ArrayLike<number>, at: number): string | number {
  if (column.kind === 'category') {
    let best = 0;
    for (let place = 1; place < column.categories.length; place++) {
      if (values[at + place]! > values[at + best]!) best = place;
    }
    return column.categories[best]!;
  }
  const { minimum, maximum, whole } = column;
  const share = (Math.max(-1, Math.min(1, values[at]!)) + 1) / 2;
  const value = minimum + share * (maximum - minimum);
  // Nothing is added but the sign of a zero that was rounded from below.
  return (whole ? Math.round(value) : Number(value.toPrecision(sureDigits))) + 0;
}

/**
 * Samples as rows: numbers between the minimum and the maximum of their column, whole ones where only such occur, and the likeliest category.
 * @param columns The `columns` of the data that the samples are like.
 * @param values Samples one after another.
 * @throws GanKitError `invalid-shape` when they are no whole number of rows.
 */
export function tableRows(columns: readonly TableColumn[], values: ArrayLike<number>): (string | number)[][] {
  const width = columns.reduce((sum, column) => sum + columnWidth(column), 0);
  if (width === 0 || values.length % width !== 0) {
    throw new GanKitError(
      'invalid-shape',
      `${values.length} numbers are no whole number of rows of ${width}; give samples of this table.`,
    );
  }
  return Array.from({ length: values.length / width }, (_, row) => {
    let at = row * width;
    return columns.map((column) => {
      const cell = decode(column, values, at);
      at += columnWidth(column);
      return cell;
    });
  });
}

function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Samples as the text of a CSV file (RFC 4180), with a line of names first. */
export function encodeTable(columns: readonly TableColumn[], values: ArrayLike<number>): string {
  const lines = [columns.map(({ name }) => name), ...tableRows(columns, values)];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}
