// Pictures from files: decoded by the browser, cut to a square, made small.
import { unzipSync } from 'fflate';
import type { DroppedPictures } from '../protocol.ts';

const side = 32;
const mostPictures = 5000;
const mostBytes = 2 ** 26;
const isPicture = (name: string) => /\.(png|jpe?g|gif|webp|bmp|avif)$/i.test(name) && !/(^|\/)(\.|__MACOSX)/.test(name);

/** What was read, and what was left out, in words. */
export interface ReadPictures {
  readonly pictures?: DroppedPictures | undefined;
  readonly sentence: string;
}

/** The blobs of all pictures in files; zips are opened. */
async function blobsOf(
  files: readonly File[],
): Promise<{ readonly blobs: readonly Blob[]; readonly refused: readonly string[] }> {
  const blobs: Blob[] = [];
  const refused: string[] = [];
  for (const file of files) {
    if (!/\.zip$/i.test(file.name)) {
      if (isPicture(file.name)) blobs.push(file);
      else refused.push(file.name);
      continue;
    }
    try {
      const entries = unzipSync(new Uint8Array(await file.arrayBuffer()), {
        filter: ({ name, originalSize }) => isPicture(name) && originalSize <= mostBytes,
      });
      const found = Object.values(entries);
      if (found.length === 0) refused.push(file.name);
      for (const bytes of found) blobs.push(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    } catch {
      refused.push(file.name);
    }
  }
  return { blobs: blobs.slice(0, mostPictures), refused };
}

/** The middle square of a picture, small; `undefined` for what is none. */
async function decode(blob: Blob, context: OffscreenCanvasRenderingContext2D): Promise<Uint8ClampedArray | undefined> {
  try {
    const bitmap = await createImageBitmap(blob);
    const size = Math.min(bitmap.width, bitmap.height);
    context.fillStyle = 'white';
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, (bitmap.width - size) / 2, (bitmap.height - size) / 2, size, size, 0, 0, side, side);
    bitmap.close();
    return context.getImageData(0, 0, side, side).data;
  } catch {
    return undefined;
  }
}

/** Reads pictures; what is none is named and left out. */
export async function readPictures(files: readonly File[]): Promise<ReadPictures> {
  const { blobs, refused } = await blobsOf(files);
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  const rows: Uint8ClampedArray[] = [];
  let broken = 0;
  for (const blob of blobs) {
    const row = await decode(blob, context);
    if (row === undefined) broken++;
    else rows.push(row);
  }
  const left = [
    ...(broken > 0 ? [`${broken} could not be read as a picture`] : []),
    ...(refused.length > 0
      ? [`${refused.slice(0, 3).join(', ')} ${refused.length === 1 ? 'holds' : 'hold'} no pictures`]
      : []),
  ].join('; ');
  // A batch must be filled.
  if (rows.length < 8) {
    const found =
      rows.length === 0 ? 'No picture was found' : `Only ${rows.length} pictures were found, and 8 are the least`;
    return { sentence: `${found}${left === '' ? '' : ` (${left})`}; drop PNG, JPEG or WebP files, or a zip of them.` };
  }
  const pixels = new Uint8Array(rows.length * side * side * 3);
  rows.forEach((row, picture) => {
    for (let pixel = 0; pixel < side * side; pixel++) {
      pixels.set(row.subarray(4 * pixel, 4 * pixel + 3), 3 * (picture * side * side + pixel));
    }
  });
  return {
    pictures: { pixels, side, channels: 3, count: rows.length },
    sentence: `${rows.length} pictures are here, ${side} x ${side} each${left === '' ? '' : `; ${left}`}.`,
  };
}
