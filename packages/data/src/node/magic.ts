// What a file is, by its first bytes.

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]) => magic.every((byte, at) => bytes[at] === byte);

export const isGzip = (start: Uint8Array) => startsWith(start, 0x1f, 0x8b);
/** `PK` and a local file, or an archive without any. */
export const isZip = (start: Uint8Array) => startsWith(start, 0x50, 0x4b, 3, 4) || startsWith(start, 0x50, 0x4b, 5, 6);
/** `PAR1` */
export const isParquet = (start: Uint8Array) => startsWith(start, 0x50, 0x41, 0x52, 0x31);
/** `\x93NUMPY` */
export const isNpy = (start: Uint8Array) => startsWith(start, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** Two zero bytes, a type, a rank. */
export const isIdx = (start: Uint8Array) =>
  startsWith(start, 0, 0) && [8, 9, 11, 12, 13, 14].includes(start[2]!) && start[3]! >= 1 && start[3]! <= 8;
/** `\x89HDF` */
export const isHdf5 = (start: Uint8Array) => startsWith(start, 0x89, 0x48, 0x44, 0x46);

/** The name of the picture format, if it is one. */
export function pictureFormat(start: Uint8Array): string | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to));
  if (startsWith(start, 0x89, 0x50, 0x4e, 0x47)) return 'PNG';
  if (startsWith(start, 0xff, 0xd8, 0xff)) return 'JPEG';
  if (text(0, 4) === 'GIF8') return 'GIF';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'WebP';
  if (text(4, 8) === 'ftyp' && /^(avif|avis|mif1)/.test(text(8, 12))) return 'AVIF';
  if (['II*\0', 'MM\0*'].includes(text(0, 4))) return 'TIFF';
  return undefined;
}

/** Whether the first bytes of a file are text: UTF-8 without control characters. */
export function isText(start: Uint8Array): boolean {
  if (start.length === 0) return false;
  for (const byte of start) if (byte < 9 || (byte > 13 && byte < 32)) return false;
  return true;
}
