// Pictures one after another as an animated PNG: every browser plays it, and what knows only PNG shows its first picture.
import { checkInteger, checkNumber, checkOptions, GanKitError } from '@gankit/core';
import type { Picture } from './picture.ts';
import { encodePng } from './png.ts';

export interface AnimationOptions {
  /** Pictures in a second, 1 to 100; 12 by default. */
  readonly framesPerSecond?: number | undefined;
  /** How often it is played; without end by default. */
  readonly plays?: number | undefined;
}

const signatureLength = 8;

/** CRC-32 of PNG (ISO 3309), of a byte. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A chunk: length, type, data, checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Whole numbers of 4 or 2 bytes, the most significant byte first. */
function bigEndian(...numbers: readonly (readonly [value: number, bytes: 1 | 2 | 4])[]): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap(([value, bytes]) =>
      Array.from({ length: bytes }, (_, at) => (value >>> (8 * (bytes - 1 - at))) & 0xff),
    ),
  );
}

/** The data of the chunks of one type in a PNG file. */
function chunksOf(png: Uint8Array, type: string): Uint8Array[] {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  const found: Uint8Array[] = [];
  for (let at = signatureLength; at < png.length; ) {
    const length = view.getUint32(at);
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) === type)
      found.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

/**
 * The bytes of an animated PNG file (APNG 1.0), played without end by default.
 * @param frames Pictures of one size and number of channels.
 * @throws GanKitError `invalid-argument` for no pictures, pictures that differ in size, or options out of range.
 */
export function encodeAnimation(frames: readonly Picture[], options: AnimationOptions = {}): Uint8Array {
  checkOptions('encodeAnimation', options, { framesPerSecond: 'optional', plays: 'optional' });
  const { framesPerSecond = 12, plays } = options;
  checkNumber('framesPerSecond', framesPerSecond, 1, 100);
  if (plays !== undefined) checkInteger('plays', plays);
  const [first] = frames;
  if (first === undefined) throw new GanKitError('invalid-argument', 'An animation needs at least one picture.');
  const { width, height, channels } = first;
  const odd = frames.find((frame) => frame.width !== width || frame.height !== height || frame.channels !== channels);
  if (odd !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      `The pictures of an animation must be alike: ${width} x ${height} x ${channels} and ${odd.width} x ${odd.height} x ${odd.channels}.`,
    );
  }
  const milliseconds = Math.round(1000 / framesPerSecond);
  let sequence = 0;
  const control = () =>
    chunk(
      'fcTL',
      bigEndian([sequence++, 4], [width, 4], [height, 4], [0, 4], [0, 4], [milliseconds, 2], [1000, 2], [0, 1], [0, 1]),
    );
  const parts: Uint8Array[] = [];
  frames.forEach((frame, index) => {
    const png = encodePng(frame);
    if (index === 0) {
      parts.push(png.subarray(0, signatureLength), chunk('IHDR', chunksOf(png, 'IHDR')[0]!));
      parts.push(chunk('acTL', bigEndian([frames.length, 4], [plays ?? 0, 4])));
    }
    parts.push(control());
    for (const data of chunksOf(png, 'IDAT')) {
      if (index === 0) parts.push(chunk('IDAT', data));
      else parts.push(chunk('fdAT', Uint8Array.from([...bigEndian([sequence++, 4]), ...data])));
    }
  });
  parts.push(chunk('IEND', new Uint8Array(0)));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
