// The IDX format of the MNIST files: a magic number, the sizes, then the values (Y. LeCun, "The MNIST database").
import { formatShape, GanKitError } from '@gankit/core';
import { gunzipSync } from 'fflate';
import { countOf, type NumberArray, type NumberType, numberBytes, numbersFromBytes } from './arrays/number-array.ts';

/** An array of bytes with its shape: [count, height, width] for images, [count] for labels. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** The type bytes of the format; all values are big-endian. */
const types: Readonly<Record<number, NumberType>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
const maximumRank = 4;
/** No deflate stream unpacks to more bytes than this for each of its own. */
const mostBytesForEach = 1032;

function corrupt(path: string, what: string): GanKitError {
  return new GanKitError('invalid-data', `'${path}' ${what}; get the file again.`, { path });
}

function gunzip(bytes: Uint8Array, path: string): Uint8Array {
  try {
    // The last four bytes say how long it will be, and memory is taken for that.
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
    if (length > bytes.length * mostBytesForEach) throw new Error(`it says that it holds ${length} bytes`);
    return gunzipSync(bytes);
  } catch (cause) {
    throw new GanKitError('invalid-data', `'${path}' is a damaged gzip file; get the file again.`, { path, cause });
  }
}

/**
 * Reads an IDX file of any of its types, plain or gzipped.
 *
 * @param bytes The file's content. The result may share its memory.
 * @param path What to call the file in an error.
 * @throws GanKitError `invalid-data` for a damaged gzip stream, a wrong magic number, or a length that is not what the header says.
 */
export function parseIdxNumbers(bytes: Uint8Array, path: string): NumberArray {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzip(bytes, path) : bytes;
  const [zero, alsoZero, code = 0, rank = 0] = content;
  const type = types[code];
  if (zero !== 0 || alsoZero !== 0 || type === undefined || rank < 1 || rank > maximumRank) {
    const start = Array.from(content.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw corrupt(path, `is not an IDX file (it starts with ${start || 'nothing'}, not 00 00 08 0n)`);
  }
  const headerLength = 4 + 4 * rank;
  if (content.length < headerLength) throw corrupt(path, `ends inside its header (${content.length} bytes)`);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = headerLength + countOf(shape) * numberBytes[type];
  if (content.length !== expected) {
    const fault = content.length < expected ? 'truncated' : 'too long';
    throw corrupt(
      path,
      `is ${fault}: its header says ${formatShape(shape)}, ${expected} bytes, but it has ${content.length}`,
    );
  }
  return { type, shape, data: numbersFromBytes(content.subarray(headerLength), type, false) };
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzipped.
 *
 * @param bytes The file's content. The result may share its memory.
 * @param path What to call the file in an error.
 * @throws GanKitError `invalid-data` as {@link parseIdxNumbers}, and for a file of another type.
 */
export function parseIdx(bytes: Uint8Array, path: string): IdxArray {
  const { type, shape, data } = parseIdxNumbers(bytes, path);
  if (type === 'uint8') return { shape, data: data as Uint8Array };
  throw new GanKitError('invalid-data', `'${path}' is an IDX file of ${type}, not of unsigned bytes.`, { path });
}
