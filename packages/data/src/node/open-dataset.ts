// One call for everything that is read from files.
import type { DataSource } from '@gankit/core';
import { createPart, type Entry } from '@gankit/core/registry';
import { dataSets } from './data-sets.ts';
import { recogniseData } from './recognise-data.ts';

/**
 * Opens what lies at a path, whatever it is: a folder of pictures, a zip, tar or Parquet file of them, IDX and CIFAR files, arrays of NumPy, a table.
 *
 * ```ts
 * const data = await openDataset('./photos', { side: 64 });
 * console.log(data.shape, data.notes);
 * ```
 * @param pathOrUrl A folder, a file, or the address of a file whose server gives ranges.
 * @param options Those of the data set that opens it (`gankit list data`); what the path says itself, they may say otherwise.
 * @throws GanKitError `file` when nothing can be read there, `invalid-data` when it is damaged or nothing that is known, `invalid-argument`
 *   for an option that the data set does not have.
 */
export async function openDataset(
  pathOrUrl: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<DataSource> {
  const { name, ...found } = await recogniseData(pathOrUrl);
  const entry = dataSets.entry(name) as unknown as Entry<Promise<DataSource>>;
  return createPart(entry, { ...found, ...options }, undefined);
}
