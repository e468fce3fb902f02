// Tables as samples and back.
import { type DataSource, disposeBatch } from '@gankit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from './column-values.ts';
import { encodeTable, tableRows } from './table-rows.ts';
import { tableSet } from './table-set.ts';

const table = (columns: Readonly<Record<string, readonly Cell[]>>, policy = {}) =>
  tableSet({ name: 'people', columns: Object.entries(columns).map(([name, cells]) => ({ name, cells })), ...policy });

async function samplesOf(source: DataSource) {
  const { value: batch } = await source.batches({ batchSize: source.size! }).next();
  const values = (await batch!.data.data()) as Float32Array;
  const labels = batch!.labels && Array.from(await batch!.labels.data());
  disposeBatch(batch!);
  return { values, labels };
}

describe('a table', () => {
  it('has its least number at -1, its greatest at 1, and a number for each category', async () => {
    const source = table({ age: ['20', 40, 30n], town: ['Rome', 'Bern', 'Rome'] });
    expect(source).toMatchObject({ kind: 'table', shape: [3], size: 3 });
    expect([...(await samplesOf(source)).values]).toEqual([-1, -1, 1, 1, 1, -1, 0, -1, 1]);
  });

  it('comes back in its own units and words, whatever it holds', async () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    const word = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `x${text.trim()}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ share: numbers, count: fc.integer({ min: -1000, max: 1000 }), word }), {
          minLength: 1,
          maxLength: 20,
        }),
        async (rows) => {
          const source = table({
            share: rows.map(({ share }) => share),
            count: rows.map(({ count }) => count),
            word: rows.map((row) => row.word),
          });
          const back = tableRows(source.columns!, (await samplesOf(source)).values);
          const shares = rows.map(({ share }) => share);
          const range = Math.max(...shares) - Math.min(...shares);
          rows.forEach(({ share, count, word: name }, row) => {
            const [first, second, third] = back[row]!;
            // float32 in the middle, seven digits at the end.
            expect(Math.abs((first as number) - share)).toBeLessThanOrEqual(1e-6 * (range + Math.abs(share)) + 1e-12);
            expect(second).toBe(count);
            expect(third).toBe(name);
          });
        },
      ),
    );
  });

  it('has one zero', () => {
    const columns = [{ name: 'n', kind: 'number', minimum: -178, maximum: 1, whole: true }] as const;
    expect(Object.is(tableRows(columns, [0.988])[0]![0], 0)).toBe(true);
  });

  it('keeps a column of one value', async () => {
    const source = table({ always: [7, 7], sometimes: [1, 2] });
    expect(tableRows(source.columns!, [0.3, -1])).toEqual([[7, 1]]);
  });

  it('takes numbers for categories where that is said, in their own order', () => {
    const { columns } = table({ code: [10, 9, 10] }, { categories: ['code'] });
    expect(columns).toEqual([{ name: 'code', kind: 'category', categories: ['9', '10'] }]);
  });

  it('has classes from a column that is then no part of a sample', async () => {
    const source = table({ size: [1, 2, 3], kind: ['b', 'a', 'b'] }, { label: 'kind' });
    expect(source).toMatchObject({ shape: [1], classNames: ['a', 'b'] });
    expect((await samplesOf(source)).labels).toEqual([1, 0, 1]);
  });

  it('is written as CSV that survives commas, quotes and lines', () => {
    const columns = [{ name: 'a "b"', kind: 'category', categories: ['x, y', 'line\nline', ' space'] }] as const;
    expect(encodeTable(columns, [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBe('"a ""b"""\n"x, y"\n"line\nline"\n" space"\n');
  });
});

describe('a missing value', () => {
  const columns = { age: [20, Number.NaN, 40, 60], town: ['Bern', 'Rome', '', 'Rome'] };

  it('is told by column and row', () => {
    expect(() => table(columns)).toThrow("'people' has no value in the column 'age', row 2");
  });

  it('leaves out its row', () => {
    expect(table(columns, { missing: 'drop' }).size).toBe(2);
  });

  it('is filled by the mean and by the most frequent category', async () => {
    const source = table(columns, { missing: 'fill' });
    const back = tableRows(source.columns!, (await samplesOf(source)).values);
    expect(back[1]).toEqual([40, 'Rome']);
    expect(back[2]).toEqual([40, 'Rome']);
  });

  it.each(['NA', 'n/a', 'NaN', 'null', ' ', '?', null, undefined])('may be written as %o', (cell) => {
    expect(table({ age: [1, cell, 2] }, { missing: 'drop' }).size).toBe(2);
  });
});

describe('a table that makes no sense', () => {
  it.each<[string, Readonly<Record<string, readonly Cell[]>>, object, RegExp]>([
    ['infinity', { age: [1, 'inf'] }, {}, /has inf in the column 'age', row 2, which is no finite number/],
    ['a number beyond float32', { age: [1, 1e300] }, {}, /has 1e\+300 in the column 'age', row 2/],
    ['no rows', { age: [] }, {}, /has no rows/],
    ['no whole row', { age: [1, null], pay: [null, 1] }, { missing: 'drop' }, /No row of 'people' is whole/],
    ['an empty column', { age: [1], none: [''] }, {}, /The column 'none' of 'people' is empty/],
    [
      'columns of different lengths',
      { age: [1, 2], pay: [1] },
      {},
      /'pay' of 'people' has 1 cells and the first one 2/,
    ],
    ['too many categories', { id: Array.from({ length: 300 }, (_, at) => `p${at}`) }, {}, /has 300 different values/],
    [
      'a column that is not there',
      { age: [1] },
      { leaveOut: ['agee'] },
      /no column 'agee' \(leaveOut\); did you mean 'age'/,
    ],
    ['nothing left', { age: [1] }, { leaveOut: ['age'] }, /No column of 'people' is left/],
    ['an unknown treatment', { age: [1] }, { missing: 'ignore' }, /ignore/],
  ])('with %s is refused', (_, columns, policy, message) => {
    expect(() => table(columns, policy)).toThrow(message);
  });

  it('with two columns of one name is refused', () => {
    const columns = [1, 2].map(() => ({ name: 'age', cells: [1] }));
    expect(() => tableSet({ name: 'people', columns })).toThrow("has two columns named 'age'");
  });
});
