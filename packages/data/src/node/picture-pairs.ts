// Two stores of pictures as pairs: what has the same path, but for the ending, belongs together.
import { GanKitError } from '@gankit/core';
import type { PictureStore } from '../pictures/picture-store.ts';

const withoutEnding = (path: string) => path.replace(/\.\w+$/, '');

/**
 * The pictures of `inputs` in the order of the store whose samples they belong to.
 * @throws GanKitError `invalid-data` for a picture without a partner.
 */
export function pairedWith(store: PictureStore, inputs: PictureStore): PictureStore {
  const byPath = new Map(inputs.entries.map(({ path }, index) => [withoutEnding(path), index]));
  const places = store.entries.map(({ path }) => {
    const place = byPath.get(withoutEnding(path));
    if (place !== undefined) return place;
    throw new GanKitError(
      'invalid-data',
      `'${path}' in '${store.name}' has no partner of the same name in '${inputs.name}'; a pair has one name in both places.`,
      { path },
    );
  });
  return { ...inputs, entries: places.map((place) => inputs.entries[place]!), read: (at) => inputs.read(places[at]!) };
}
