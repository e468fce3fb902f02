// Some of the pictures of a store, as a store.
import {
  checkChoice,
  checkInteger,
  checkNumber,
  checkOptions,
  GanKitError,
  nearestName,
  RandomStream,
} from '@gankit/core';
import type { PictureEntry, PictureStore } from './picture-store.ts';

export const pictureSplits = ['all', 'train', 'test'] as const;

export interface PictureSelection {
  /** Only these classes, by name; they are numbered anew in the order of the store. */
  readonly classes?: readonly string[] | undefined;
  /** `all` (the default), or the pictures to train on or to test with, which share none. */
  readonly split?: (typeof pictureSplits)[number] | undefined;
  /** The share of the pictures that are for testing, from 0 to 1; 0.1 when absent. */
  readonly testShare?: number | undefined;
  /** Decides which; 1 when absent. A picture stays where it is when others are added. */
  readonly splitSeed?: number | undefined;
  /** Every `of`-th picture from the one with this number from 0 on: one part for each of several processes. */
  readonly part?: { readonly index: number; readonly of: number } | undefined;
}

function chosenLabels({ name, classNames = [] }: PictureStore, classes: readonly string[]): readonly number[] {
  const unknown = classes.find((each) => !classNames.includes(each));
  if (unknown === undefined) {
    return [...new Set(classes.map((each) => classNames.indexOf(each)))].sort((a, b) => a - b);
  }
  const nearest = nearestName(unknown, classNames);
  const there = classNames.length === 0 ? 'it has no classes' : `its classes are ${classNames.slice(0, 50).join(', ')}`;
  throw new GanKitError(
    'unknown-name',
    `'${name}' has no class '${unknown}'; ${nearest === undefined ? there : `did you mean '${nearest}'?`}`,
    { value: unknown },
  );
}

/**
 * Some of the pictures of a store, in its order. Closing it closes the store.
 * @throws GanKitError `unknown-name` for a class that is not there, `invalid-argument` for a share or part that makes no sense, `invalid-data` when
 *   nothing is left.
 */
export function selectPictures(store: PictureStore, selection: PictureSelection): PictureStore {
  checkOptions('selectPictures', selection, {
    classes: 'optional',
    split: 'optional',
    testShare: 'optional',
    splitSeed: 'optional',
    part: 'optional',
  });
  const { classes, split = 'all', testShare = 0.1, splitSeed = 1, part = { index: 0, of: 1 } } = selection;
  checkChoice('split', split, pictureSplits);
  checkNumber('testShare', testShare, 0, 1);
  checkInteger('splitSeed', splitSeed, 0);
  checkInteger('the number of parts', part.of);
  checkInteger('the number of the part', part.index, 0);
  if (part.index >= part.of) {
    throw new GanKitError('invalid-argument', `Part ${part.index} of ${part.of} does not exist; parts count from 0.`, {
      value: part,
    });
  }
  const labels = classes && chosenLabels(store, classes);
  const random = new RandomStream(splitSeed).fork('split');
  const isTest = (path: string) => random.fork(path).uniform() < testShare;
  const chosen: number[] = [];
  store.entries.forEach(({ path, label }, index) => {
    if (labels !== undefined && !labels.includes(label ?? -1)) return;
    if (split === 'all' || isTest(path) === (split === 'test')) chosen.push(index);
  });
  const kept = chosen.filter((_, at) => at % part.of === part.index);
  if (kept.length === 0) {
    throw new GanKitError(
      'invalid-data',
      `Of the ${store.entries.length} pictures in '${store.name}' none is left by what was selected; select more.`,
    );
  }
  const entries = kept.map((index): PictureEntry => {
    const entry = store.entries[index]!;
    return labels === undefined ? entry : { ...entry, label: labels.indexOf(entry.label!) };
  });
  return {
    ...store,
    entries,
    classNames: labels === undefined ? store.classNames : labels.map((label) => store.classNames![label]!),
    async fingerprint() {
      return `${await store.fingerprint()}\n${JSON.stringify([classes, split, testShare, splitSeed, part])}`;
    },
    read: (at) => store.read(kept[at]!),
    close: () => store.close(),
  };
}
