// Arrays of NumPy in files: .npy, and .npz, which is a zip file of them.
import { type DataSource, formatShape, GanKitError } from '@gankit/core';
import { type ArraySourceOptions, arraySource } from '../arrays/array-source.ts';
import { parseNpy } from '../arrays/npy-array.ts';
import type { NumberArray } from '../arrays/number-array.ts';
import { isZip } from './magic.ts';
import { openRandomAccess, readWhole } from './random-access.ts';
import { listZip } from './zip-listing.ts';

export interface ArrayFileOptions extends Pick<ArraySourceOptions, 'kind'> {
  /** The array of a .npz file that holds the samples; the usual names, and then the largest, when absent. */
  readonly key?: string | undefined;
  /** The array of a .npz file that holds the labels; the usual names when absent. */
  readonly labelKey?: string | undefined;
}

const dataKeys = ['x', 'x_train', 'train_images', 'images', 'data', 'samples', 'arr_0', 'imgs'];
const labelKeys = ['y', 'y_train', 'train_labels', 'labels', 'label', 'classes', 'arr_1'];

function keyNamed(path: string, key: string, keys: readonly string[]): string {
  if (keys.includes(key)) return key;
  throw new GanKitError('unknown-name', `'${path}' has no array '${key}'; it has ${keys.join(', ')}.`, { value: key });
}

/** The most bytes of one array of a .npz file, unpacked. */
const mostBytes = 2 ** 32;

async function openNpz(path: string, options: ArrayFileOptions) {
  const listing = await listZip(path, mostBytes);
  try {
    const arrays = new Map<string, number>();
    listing.files.forEach((file, index) => {
      if (file.path.endsWith('.npy')) arrays.set(file.path.slice(0, -'.npy'.length), index);
    });
    const keys = [...arrays.keys()];
    if (keys.length === 0) throw new GanKitError('invalid-data', `'${path}' holds no array.`, { path });
    const size = (key: string) => listing.files[arrays.get(key)!]!.size ?? 0;
    const usual = dataKeys.find((key) => arrays.has(key));
    const largest = keys.reduce((best, key) => (size(key) > size(best) ? key : best));
    const key = options.key === undefined ? (usual ?? largest) : keyNamed(path, options.key, keys);
    const read = async (name: string): Promise<NumberArray> => {
      return parseNpy(await listing.read(arrays.get(name)!).catch(refuse), `${path}/${name}`);
    };
    const refuse = (cause: unknown): never => {
      throw new GanKitError('invalid-data', `'${path}' is a damaged .npz file (${(cause as Error).message}).`, {
        path,
        cause,
      });
    };
    const array = await read(key);
    if (options.labelKey !== undefined) {
      return { array, key, labels: await read(keyNamed(path, options.labelKey, keys)) };
    }
    const guess = labelKeys.find((name) => arrays.has(name) && name !== key);
    const labels = guess === undefined ? undefined : await read(guess);
    // What is named like labels is taken for them only where it can be.
    const fits = labels?.shape.every((length, axis) => length === (axis === 0 ? array.shape[0] : 1));
    return { array, key, labels: fits ? labels : undefined };
  } finally {
    await listing.close();
  }
}

/**
 * Opens a `.npy` or `.npz` file of NumPy as images, a table or sequences.
 * @param path A path or an address.
 * @throws GanKitError Whatever reading the file and `arraySource` refuse.
 */
export async function openArrays(path: string, options: ArrayFileOptions = {}): Promise<DataSource> {
  const file = await openRandomAccess(path);
  const start = await file.read(0, Math.min(4, file.size)).finally(() => file.close());
  const name = path.replace(/^.*[\\/]/, '').replace(/\.np[yz]$/i, '');
  if (!isZip(start)) {
    return arraySource({ name, path, array: parseNpy(await readWhole(path), path), kind: options.kind });
  }
  const { array, key, labels } = await openNpz(path, options);
  const source = arraySource({ name, path, array, labels, kind: options.kind });
  const note = `Samples are the array '${key}', shape ${formatShape(array.shape)}${labels === undefined ? ', without labels' : ''}.`;
  return { ...source, chosen: { ...source.chosen, key }, notes: [note, ...(source.notes ?? [])] };
}
