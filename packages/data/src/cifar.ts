// The binary files of CIFAR-10 and CIFAR-100: records of one or two labels and 32 x 32 pixels, the red ones first (A. Krizhevsky 2009).
import { GanKitError } from '@gankit/core';

/** Height and width of every image. */
export const cifarSide = 32;
const plane = cifarSide * cifarSide;
const pixelBytes = 3 * plane;

/** `cifar-10` has one label before each image, `cifar-100` a coarse one and a fine one. */
export type CifarForm = 'cifar-10' | 'cifar-100';

/** Images and labels of one file. */
export interface CifarRecords {
  /** [count, 32, 32, 3] */
  readonly pixels: Uint8Array;
  /** Of CIFAR-100 the fine ones. */
  readonly labels: Uint8Array;
  /** Of CIFAR-100: one of 20 for each image. */
  readonly coarseLabels?: Uint8Array | undefined;
}

const labelBytes: Readonly<Record<CifarForm, number>> = { 'cifar-10': 1, 'cifar-100': 2 };
const classes: Readonly<Record<CifarForm, number>> = { 'cifar-10': 10, 'cifar-100': 100 };

/**
 * Reads a binary file of CIFAR.
 * @param path What to call it in an error.
 * @throws GanKitError `invalid-data` for a length that is not that of whole records, or a label that no such set has.
 */
export function parseCifar(bytes: Uint8Array, form: CifarForm, path: string): CifarRecords {
  const before = labelBytes[form];
  const record = before + pixelBytes;
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    throw new GanKitError(
      'invalid-data',
      `'${path}' has ${bytes.length} bytes, which are no whole number of ${form}'s records of ${record}; get the file again, in the binary version.`,
      { path },
    );
  }
  const pixels = new Uint8Array(count * pixelBytes);
  const labels = new Uint8Array(count);
  const coarse = new Uint8Array(form === 'cifar-100' ? count : 0);
  for (let image = 0; image < count; image++) {
    const start = image * record;
    if (form === 'cifar-100') coarse[image] = bytes[start]!;
    const label = bytes[start + before - 1]!;
    if (label >= classes[form]) {
      throw new GanKitError(
        'invalid-data',
        `'${path}' has the label ${label} at image ${image}, and ${form} has ${classes[form]} classes; it is another file, or damaged.`,
        { path, value: label },
      );
    }
    labels[image] = label;
    for (let channel = 0; channel < 3; channel++) {
      const from = start + before + channel * plane;
      const to = image * pixelBytes + channel;
      for (let at = 0; at < plane; at++) pixels[to + 3 * at] = bytes[from + at]!;
    }
  }
  return { pixels, labels, ...(form === 'cifar-100' && { coarseLabels: coarse }) };
}
