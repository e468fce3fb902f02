// The pictures of a run, as many and as large as a file of 5 MB can hold.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { firstCells } from '@gankit/pictures';
import { decodePng, encodePng } from '@gankit/pictures/png';
import type { RunFolder } from '@gankit/recipes/node';
import type { NamedPicture, RunStory, SamplesAtStep, StoryPicture } from '../run-story.ts';

/** Bytes of PNG for the film, the last picture and the others: base64 makes four of three, and the rest of a report takes little. */
const filmBytes = 2_100_000;
const finalBytes = 800_000;
const otherBytes = 700_000;
/** Pictures of a film: more are not told apart on a slider. */
const mostFrames = 60;
/** A film of fewer is cut to fewer samples instead. */
const fewestFrames = 12;
const mostOthers = 6;
/** No picture is larger: what is, is no sample picture. */
const largestFile = 20_000_000;

const captions: readonly (readonly [pattern: RegExp, caption: string])[] = [
  [/^explanation/, 'What one number tells each pixel: the gradient of the generator’s loss'],
  [/^interpolation|^walk|^morph/, 'From one sample to another'],
  [/^neighbou?rs/, 'Generated samples beside the real ones that are nearest to them'],
  [/^class-/, 'Samples of one class'],
  [/^projection/, 'Pictures found again in the latent space'],
];

/** Width and height of a PNG file, or `undefined` when it is none. */
export function pngSize(png: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (png.length < 33 || !signature.every((byte, index) => png[index] === byte)) return undefined;
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

async function readPicture(path: string): Promise<StoryPicture | undefined> {
  try {
    if ((await stat(path)).size > largestFile) return undefined;
    const png = new Uint8Array(await readFile(path));
    const size = pngSize(png);
    return size && { png, ...size };
  } catch {
    return undefined;
  }
}

/** Evenly from the first to the last. */
function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))]!);
}

/** The first half of the columns and rows of a grid; `undefined` for what is no grid of more than one image. */
function halved(picture: StoryPicture, shape: readonly number[] | undefined): StoryPicture | undefined {
  const [height, width] = shape ?? [];
  if (shape?.length !== 3 || height === undefined || width === undefined) return undefined;
  const cells = (pixels: number, side: number) => Math.max(1, Math.floor((pixels - 2) / (side + 2)));
  const [columns, rows] = [cells(picture.width, width), cells(picture.height, height)];
  if (columns * rows < 2) return undefined;
  try {
    const decoded = decodePng(picture.png, 'a sample picture');
    const cut = firstCells(decoded, [height, width], Math.ceil(columns / 2), Math.ceil(rows / 2));
    return { png: encodePng(cut), width: cut.width, height: cut.height };
  } catch {
    return undefined;
  }
}

const bytesOf = (pictures: readonly StoryPicture[]) => pictures.reduce((sum, { png }) => sum + png.length, 0);

/** A picture, cut until it fits. */
function fitted(picture: StoryPicture, shape: readonly number[] | undefined, bytes: number): StoryPicture | undefined {
  let current: StoryPicture | undefined = picture;
  while (current !== undefined && current.png.length > bytes) current = halved(current, shape);
  return current;
}

async function readFilm(folder: string, shape: readonly number[] | undefined): Promise<SamplesAtStep[]> {
  const names = await readdir(folder).catch(() => []);
  const steps = names
    .flatMap((name) => {
      const step = Number(/^step-(\d{1,15})\.png$/.exec(name)?.[1] ?? Number.NaN);
      return Number.isNaN(step) ? [] : [{ name, step }];
    })
    .sort((a, b) => a.step - b.step);
  const read = await Promise.all(
    spread(steps, mostFrames).map(async ({ name, step }) => {
      const picture = await readPicture(join(folder, name));
      return picture && { step, ...picture };
    }),
  );
  let film: readonly SamplesAtStep[] = read.filter((frame) => frame !== undefined);
  const last = film.at(-1);
  // Samples are of one size; a folder that was put together by hand may hold others.
  film = film.filter(({ width, height }) => width === last!.width && height === last!.height);
  while (bytesOf(film) > filmBytes) {
    const fewer = Math.floor((film.length * filmBytes) / bytesOf(film));
    if (fewer >= Math.min(fewestFrames, film.length)) return fitting(film, fewer);
    const cut = film.map((frame) => {
      const half = halved(frame, shape);
      return half && { ...half, step: frame.step };
    });
    if (cut.includes(undefined)) return fitting(film, fewer);
    film = cut as SamplesAtStep[];
  }
  return [...film];
}

/** At most so many frames, and as many as the bytes allow. */
function fitting(film: readonly SamplesAtStep[], most: number): SamplesAtStep[] {
  for (let count = most; count > 1; count--) {
    const frames = spread(film, count);
    if (bytesOf(frames) <= filmBytes) return frames;
  }
  return film.slice(-1).filter((frame) => frame.png.length <= filmBytes);
}

async function readOthers(folder: RunFolder): Promise<NamedPicture[]> {
  const names = (await readdir(folder.path).catch(() => [])).filter(
    (name) => name.endsWith('.png') && name !== basename(folder.latestSamples),
  );
  const pictures: NamedPicture[] = [];
  let left = otherBytes;
  for (const name of names.sort()) {
    const picture = await readPicture(join(folder.path, name));
    if (picture === undefined || picture.png.length > left || pictures.length === mostOthers) continue;
    left -= picture.png.length;
    const caption = captions.find(([pattern]) => pattern.test(name))?.[1] ?? 'More samples';
    pictures.push({ ...picture, name, caption });
  }
  return pictures;
}

/** The pictures of a run that a report shows. @param shape Of one sample, where it is known. */
export async function readPictures(
  folder: RunFolder,
  shape: readonly number[] | undefined,
): Promise<Pick<RunStory, 'samples' | 'finalSamples' | 'pictures'>> {
  const samples = await readFilm(join(folder.path, 'samples'), shape);
  const latest = await readPicture(folder.latestSamples);
  const wasCut =
    latest !== undefined && latest.width * latest.height > (samples.at(-1)?.width ?? 0) * (samples.at(-1)?.height ?? 0);
  const full = wasCut ? fitted(latest, shape, finalBytes) : undefined;
  return { samples, ...(full === undefined ? {} : { finalSamples: full }), pictures: await readOthers(folder) };
}
