// What is known of the pictures of a listing: StyleGAN's dataset.json, WebDataset's files beside each, or the folders that they lie in.
import { GanKitError } from '@gankit/core';
import type { FileListing } from './file-listing.ts';
import { byCode } from './folder-listing.ts';

/** What is known of each picture, in their order. */
export interface PictureLabels {
  readonly classNames?: readonly string[] | undefined;
  readonly labels?: readonly number[] | undefined;
  readonly vectors?: readonly (readonly number[])[] | undefined;
}

/** The largest dataset.json that is read, in bytes. */
const longestDocument = 2 ** 29;

function faulty(path: string, what: string, cause?: unknown): GanKitError {
  return new GanKitError('invalid-data', `'${path}' ${what}; correct it, or take it away to read without labels.`, {
    path,
    cause,
  });
}

/** Labels that are any whole numbers as classes: those that occur, in rising order, under their own names or given ones. */
export function classesOfNumbers(numbers: readonly number[], names?: readonly string[] | undefined): PictureLabels {
  if (names !== undefined && numbers.every((label) => label < names.length))
    return { classNames: names, labels: numbers };
  const occurring = [...new Set(numbers)].sort((a, b) => a - b);
  const classOf = new Map(occurring.map((label, index) => [label, index]));
  return { classNames: occurring.map(String), labels: numbers.map((label) => classOf.get(label)!) };
}

const isLabel = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number));

/**
 * The labels of StyleGAN's `dataset.json`: `{ "labels": [["00000/img00000000.png", 6], ...] }`, a class or a list of numbers for each
 * picture; `"labels": null` means that there are none. `"classes"`, a list of names, is ours.
 * @throws GanKitError `invalid-data` for another document, or when a picture has no label.
 */
export function styleganLabels(place: string, json: string, pictures: readonly string[]): PictureLabels {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (cause) {
    throw faulty(place, `is not JSON (${(cause as Error).message})`, cause);
  }
  const { labels, classes } = (document ?? {}) as { readonly labels?: unknown; readonly classes?: unknown };
  if (labels === undefined || labels === null) return {};
  if (!Array.isArray(labels)) throw faulty(place, "has 'labels' that are no list");
  const byPath = new Map<string, unknown>();
  for (const pair of labels as unknown[]) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string') {
      throw faulty(place, `has a label that is no pair of a path and a class: ${JSON.stringify(pair)?.slice(0, 100)}`);
    }
    byPath.set(pair[0].replaceAll('\\', '/'), pair[1]);
  }
  const told = pictures.map((path) => {
    if (byPath.has(path)) return byPath.get(path);
    throw faulty(place, `has no label for '${path}'`);
  });
  if (told.every(isLabel)) {
    const names = Array.isArray(classes) && classes.every((name) => typeof name === 'string') ? classes : undefined;
    return classesOfNumbers(told, names as string[] | undefined);
  }
  const wrong = told.findIndex(
    (value, index) => !isVector(value) || value.length !== (told[0] as number[]).length || index < 0,
  );
  if (wrong < 0) return { vectors: told as number[][] };
  throw faulty(
    place,
    `gives '${pictures[wrong]}' the label ${JSON.stringify(told[wrong])?.slice(0, 100)}, where a whole number of at least 0 is a class and as many numbers as every picture has are a description`,
  );
}

/** The name of a sample of WebDataset: its path up to the first dot of the file's name. */
function sampleName(path: string): string {
  const start = path.lastIndexOf('/') + 1;
  const dot = path.indexOf('.', start);
  return dot < 0 ? path : path.slice(0, dot);
}

/** Classes of WebDataset: a file `.cls` with a whole number beside each picture. `undefined` when there is none. */
async function webDatasetLabels(listing: FileListing, pictures: readonly number[]): Promise<PictureLabels | undefined> {
  const classFiles = new Map<string, number>();
  listing.files.forEach(({ path }, index) => {
    if (path.endsWith('.cls')) classFiles.set(sampleName(path), index);
  });
  if (classFiles.size === 0) return undefined;
  const numbers: number[] = [];
  for (const picture of pictures) {
    const { path } = listing.files[picture]!;
    const file = classFiles.get(sampleName(path));
    if (file === undefined) throw faulty(listing.name, `has '${path}' without a .cls file, which others have`);
    const text = new TextDecoder().decode(await listing.read(file)).trim();
    if (!/^\d{1,15}$/.test(text)) {
      throw faulty(
        listing.name,
        `has a class '${text.slice(0, 40)}' in '${listing.files[file]!.path}', not a whole number`,
      );
    }
    numbers.push(Number(text));
  }
  return classesOfNumbers(numbers);
}

/** The folder at the top as the class, where every picture lies in one. */
export function folderLabels(pictures: readonly string[]): PictureLabels {
  if (!pictures.every((path) => path.includes('/'))) return {};
  const classOf = (path: string) => path.slice(0, path.indexOf('/'));
  const classNames = [...new Set(pictures.map(classOf))].sort(byCode);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  return { classNames, labels: pictures.map((path) => labels.get(classOf(path))!) };
}

/**
 * What is known of these pictures.
 * @param pictures Places among the listing's files.
 * @throws GanKitError `invalid-data` for labels that are damaged or not those of these pictures.
 */
export async function pictureLabels(listing: FileListing, pictures: readonly number[]): Promise<PictureLabels> {
  const paths = pictures.map((index) => listing.files[index]!.path);
  const document = listing.files.findIndex(({ path }) => path === 'dataset.json');
  if (document >= 0) {
    const { size = 0 } = listing.files[document]!;
    if (size > longestDocument) throw faulty(listing.name, `has a dataset.json of ${size} bytes`);
    return styleganLabels(
      `${listing.name}/dataset.json`,
      new TextDecoder().decode(await listing.read(document)),
      paths,
    );
  }
  return (await webDatasetLabels(listing, pictures)) ?? folderLabels(paths);
}
