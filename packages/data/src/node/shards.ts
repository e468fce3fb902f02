// The files of one set that lie side by side: `train-00000-of-00005.parquet`, `shard-000123.tar`.
import { join } from 'node:path';
import { byCode } from './folder-listing.ts';

/**
 * Paths of the shards in a folder, in the order of their names. Where some are those of a training set by their names, those alone.
 * @param names What lies in the folder.
 * @param ending What the names of shards end on.
 */
export function shardsIn(folder: string, names: readonly string[], ending: RegExp): readonly string[] {
  const all = names.filter((name) => ending.test(name) && !name.startsWith('.')).sort(byCode);
  const training = all.filter((name) => /(^|[-_.])train([-_.]|$)/i.test(name));
  return (training.length > 0 ? training : all).map((name) => join(folder, name));
}
