// Tables as text, as spreadsheets and programs write them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCsv } from './csv-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string | Uint8Array) {
  const path = join(folder, 'table.csv');
  await writeFile(path, text);
  return Object.fromEntries((await readCsv(path)).map(({ name, cells }) => [name, cells]));
}

test.each([
  ['commas', 'age,town\n1.5,Bern\n-2,Rome\n', ['1.5', '-2']],
  ['semicolons and decimal commas', 'age;town\r\n1,5;Bern\r\n-2;Rome\r\n', ['1.5', '-2']],
  ['tabs', 'age\ttown\n1.5\tBern, CH\n-2\tRome\n', ['1.5', '-2']],
  ['a mark of the order of bytes', '\uFEFFage,town\n1.5,Bern\n-2,Rome', ['1.5', '-2']],
  ['quotes, empty lines and spaces', '"age", "town"\n\n 1.5 ,"Bern ""CH"", x"\n-2,"Ro\nme"\n', ['1.5', '-2']],
])('a table with %s', async (_, text, ages) => {
  const columns = await read(text);
  expect(Object.keys(columns)).toEqual(['age', 'town']);
  expect(columns['age']).toEqual(ages);
});

test('a table without names has its columns counted', async () => {
  expect(await read('1,2,a\n3,4,b\n')).toEqual({
    'column 1': ['1', '3'],
    'column 2': ['2', '4'],
    'column 3': ['a', 'b'],
  });
});

test('one column needs nothing between its values', async () => {
  expect(await read('age\n1\n2\n')).toEqual({ age: ['1', '2'] });
});

test.each([
  ['rows of another length', 'a,b\n1,2\n1,2,3\n', /no table that can be read \(Invalid Record Length.*line 3/],
  ['an open quote', 'a,b\n1,"2\n', /no table that can be read \(Quote Not Closed/],
  ['nothing', '', /is empty/],
  ['bytes', Uint8Array.of(1, 0, 2, 3), /is no text/],
])('%s is told in a sentence', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

test('any text is a table or one of our sentences', async () => {
  const cells = fc.array(fc.constantFrom('a', '1', ',', ';', '"', '\n', '\t', ' ', 'é', '.'), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cells, async (parts) => {
      await read(parts.join('')).catch((error: unknown) => expect(GanKitError.isInstance(error)).toBe(true));
    }),
    { numRuns: 150 },
  );
});
