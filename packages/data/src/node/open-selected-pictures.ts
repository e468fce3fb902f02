// Pictures as a recipe names them: where they lie, which of them, and what becomes of them.
import { type DataSource, GanKitError } from '@gankit/core';
import { type PictureSelection, selectPictures } from '../pictures/select-pictures.ts';
import { openPictureStore } from './open-picture-store.ts';
import { type OpenPicturesOptions, openPictures } from './open-pictures.ts';
import { isAddress, localPath } from './random-access.ts';

/** The options of the data set `pictures`: plain data. */
export interface SelectedPicturesOptions
  extends Omit<OpenPicturesOptions, 'inputs'>,
    Omit<PictureSelection, 'classes' | 'part'> {
  /** As for `openPictureStore`. */
  readonly path: string;
  /** The same, of the images that are told with the pictures. */
  readonly inputs?: string | undefined;
  /** Names with commas between them. */
  readonly classes?: string | undefined;
  /** `0/4` */
  readonly part?: string | undefined;
}

function partOf(text: string | undefined): PictureSelection['part'] {
  if (text === undefined) return undefined;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (of !== undefined) return { index: Number(index), of: Number(of) };
  throw new GanKitError('invalid-argument', `part must be INDEX/NUMBER such as 0/4, not '${text}'.`, { value: text });
}

/**
 * Opens pictures, selects some of them, and opens the other half of each pair where there is one.
 * @throws GanKitError Whatever `openPictureStore`, `selectPictures` and `openPictures` refuse.
 */
export async function openSelectedPictures(options: SelectedPicturesOptions): Promise<DataSource> {
  const { path, inputs, classes, split, testShare, splitSeed, part, ...policy } = options;
  const selection = { split, testShare, splitSeed, part: partOf(part) };
  const names = classes?.split(',').map((name) => name.trim());
  const store = selectPictures(await openPictureStore(path), { ...selection, classes: names });
  if (inputs === undefined) return openPictures(store, policy);
  const source = await openPictures(store, { ...policy, inputs: await openPictureStore(inputs) });
  // Whole, so that a run goes on from anywhere.
  return { ...source, chosen: { ...source.chosen, inputs: isAddress(inputs) ? inputs : localPath(inputs) } };
}
