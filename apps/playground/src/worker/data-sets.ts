// The data that the page can open: distributions, the digits that lie beside the site, and pictures that were dropped into it.
import { type DataSource, GanKitError } from '@gankit/core';
import { choice, option, registry } from '@gankit/core/registry';
import { imageSet, parseIdx } from '@gankit/data';
import { dataSet, distributions } from '@gankit/data/registry';
import { get, set } from 'idb-keyval';
import type { DroppedPictures } from '../protocol.ts';

/** Where the site lies; set before anything is opened. */
let base = '';
let dropped: DroppedPictures | undefined;
let digits: DataSource | undefined;

export function setBase(address: string): void {
  base = address;
}

const droppedKey = 'dropped-pictures';

/** Keeps pictures for this session and, where there is room, for the next. */
export async function keepPictures(pictures: DroppedPictures): Promise<void> {
  dropped = pictures;
  await set(droppedKey, pictures).catch(() => undefined);
}

async function fetchIdx(name: string) {
  const address = new URL(`data/${name}`, base);
  const response = await fetch(address).catch((cause: unknown) => {
    throw new GanKitError('file', 'The digits could not be loaded; look at the connection and try again.', { cause });
  });
  if (!response.ok) {
    throw new GanKitError('file', `The digits could not be loaded: the server answers ${response.status}.`);
  }
  return parseIdx(new Uint8Array(await response.arrayBuffer()), name);
}

async function openDigits(): Promise<DataSource> {
  if (digits !== undefined) return digits;
  const [images, labels] = await Promise.all([
    fetchIdx('t10k-images-idx3-ubyte.gz'),
    fetchIdx('t10k-labels-idx1-ubyte.gz'),
  ]);
  digits = imageSet({
    name: 'mnist',
    shape: [28, 28, 1],
    pixels: images.data,
    labels: labels.data,
    classNames: Array.from({ length: 10 }, (_, digit) => String(digit)),
  });
  return digits;
}

async function openDropped(): Promise<DataSource> {
  dropped ??= await get<DroppedPictures>(droppedKey).catch(() => undefined);
  if (dropped === undefined) {
    throw new GanKitError('invalid-data', 'This experiment is about pictures that are not here; drop them in again.');
  }
  const { pixels, side, channels } = dropped;
  return imageSet({ name: 'your pictures', shape: [side, side, channels], pixels });
}

/** Every data set that the page can open. A recipe of one of them is one for the command, but for dropped pictures. */
export const dataSets = registry('data set', [
  ...distributions.entries,
  dataSet({
    name: 'mnist',
    title: 'Handwritten digits (MNIST)',
    description: '10,000 handwritten digits of 28 x 28: the test set, which is small enough for a page',
    source: 'LeCun et al. 1998',
    options: { split: option(choice(['test']), { default: 'test', description: 'which part of the set' }) },
    create: openDigits,
  }),
  dataSet({
    name: 'dropped-pictures',
    title: 'Your pictures',
    description: 'pictures that you dropped into the page; they stay on this device',
    source: 'you',
    options: {},
    create: openDropped,
  }),
]);
