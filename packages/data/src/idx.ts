// The IDX format of the MNIST files: a magic number, the sizes, then the values (Y. LeCun, "The MNIST database").
import { formatShape, GanKitError } from '@gankit/core';
import { gunzipSync } from 'fflate';

/** An array of bytes with its shape: [count, height, width] for images, [count] for labels. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** The type byte of unsigned bytes, the only one that image sets use. */
const unsignedByteType = 0x08;
const maximumRank = 4;

function corrupt(path: string, what: string): GanKitError {
  return new GanKitError('invalid-data', `'${path}' ${what}; get the file again.`, { path });
}

function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new GanKitError('invalid-data', `'${path}' is a damaged gzip file; get the file again.`, { path, cause });
  }
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped.
 *
 * @param bytes The file's content. The result may share its memory.
 * @param path What to call the file in an error.
 * @throws GanKitError `invalid-data` for a damaged gzip stream, a wrong magic number, or a length that is not what the header says.
 */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, path) : bytes;
  const [zero, alsoZero, type, rank] = content;
  if (
    zero !== 0 ||
    alsoZero !== 0 ||
    type !== unsignedByteType ||
    rank === undefined ||
    rank < 1 ||
    rank > maximumRank
  ) {
    const start = Array.from(content.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw corrupt(path, `is not an IDX file of unsigned bytes (it starts with ${start || 'nothing'}, not 00 00 08 0n)`);
  }
  const headerLength = 4 + 4 * rank;
  if (content.length < headerLength) throw corrupt(path, `ends inside its header (${content.length} bytes)`);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = headerLength + shape.reduce((product, size) => product * size, 1);
  if (content.length !== expected) {
    const fault = content.length < expected ? 'truncated' : 'too long';
    throw corrupt(
      path,
      `is ${fault}: its header says ${formatShape(shape)}, ${expected} bytes, but it has ${content.length}`,
    );
  }
  return { shape, data: content.subarray(headerLength) };
}
