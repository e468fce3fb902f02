// NumPy's arrays: .npy, and .npz, which is a zip file whose first file is one.
import { isNpy, isZip } from '../magic.ts';
import type { DataFormat } from './data-format.ts';

/** Where the name of the first file of a zip file stands, and how long it is. */
const nameLengthAt = 26;
const nameAt = 30;

function firstName(start: Uint8Array): string {
  const length = start[nameLengthAt]! + 256 * start[nameLengthAt + 1]!;
  return new TextDecoder().decode(start.subarray(nameAt, nameAt + length));
}

export const arraysFormat: DataFormat = {
  title: 'NumPy',
  recognise({ path, start }) {
    if (isNpy(start)) return { name: 'arrays', path };
    return isZip(start) && firstName(start).endsWith('.npy') ? { name: 'arrays', path } : undefined;
  },
};
