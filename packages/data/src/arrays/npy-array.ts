// NumPy's .npy files, versions 1 to 3 (numpy.lib.format).
import { formatShape, GanKitError } from '@gankit/core';
import {
  copyOf,
  countOf,
  type NumberArray,
  type NumberData,
  type NumberType,
  numberBytes,
  numbersFromBytes,
} from './number-array.ts';

const types: Readonly<Record<string, NumberType>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  i8: 'int64',
  u8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** The longest header that is read, in bytes; NumPy itself refuses more than 10,000. */
const longestHeader = 65_536;
const mostAxes = 32;

interface Header {
  readonly type: NumberType;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

function parseHeader(text: string, refuse: (what: string) => GanKitError): Header {
  const descr = /'descr'\s*:\s*'([^']{1,20})'/.exec(text)?.[1];
  if (descr === undefined) throw refuse('holds records of several fields; save each as an array of its own');
  const [, order = '', code = ''] = /^([<>|=]?)(\w+)$/.exec(descr) ?? [];
  if (code.startsWith('O'))
    throw refuse('holds Python objects (pickle), which nobody should unpack; save it as an array of numbers');
  const type = Object.hasOwn(types, code) ? types[code] : undefined;
  if (type === undefined) throw refuse(`holds values of the type '${descr}'; save it as bytes, float32 or int32`);
  const sizes = /'shape'\s*:\s*\(([\d,\sL]{0,1000})\)/.exec(text)?.[1];
  if (sizes === undefined) throw refuse('has a header without a shape');
  const shape = sizes
    .split(',')
    .map((size) => size.replace('L', '').trim())
    .filter((size) => size !== '')
    .map(Number);
  if (shape.length > mostAxes || !shape.every(Number.isSafeInteger)) throw refuse('has a header without a shape');
  return { type, little: order !== '>', fortran: /'fortran_order'\s*:\s*True/.test(text), shape };
}

/** The values of an array whose first axis runs fastest, with the last one running fastest. */
function cOrder(data: NumberData, shape: readonly number[]): NumberData {
  const ordered = copyOf(data);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => countOf(shape.slice(0, axis)));
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    ordered[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return ordered;
}

/**
 * Reads a `.npy` file: numbers and flags of any size, either order of bytes, C or Fortran order.
 * @param path What to call it in an error.
 * @throws GanKitError `invalid-data` for another file, one that was cut short, and one of Python objects.
 */
export function parseNpy(bytes: Uint8Array, path: string): NumberArray {
  const refuse = (what: string) => new GanKitError('invalid-data', `'${path}' ${what}.`, { path });
  const [first, ...rest] = bytes.subarray(0, 6);
  if (first !== 0x93 || String.fromCharCode(...rest) !== 'NUMPY')
    throw refuse('is not a .npy file; save it with numpy.save');
  const version = bytes[6] ?? 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = version === 1 ? 2 : 4;
  if (version < 1 || version > 3) throw refuse(`has version ${version} of the .npy format; 1 to 3 are read`);
  if (bytes.length < 8 + lengthBytes) throw refuse('ends inside its header; get the file again');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + lengthBytes + length;
  if (length > longestHeader || start > bytes.length) throw refuse('ends inside its header; get the file again');
  const { type, little, fortran, shape } = parseHeader(
    new TextDecoder().decode(bytes.subarray(8 + lengthBytes, start)),
    refuse,
  );
  const expected = countOf(shape) * numberBytes[type];
  if (bytes.length - start !== expected) {
    const fault = bytes.length - start < expected ? 'was cut short' : 'goes on after its end';
    throw refuse(
      `${fault}: its header says ${formatShape(shape)} of ${type}, ${expected} bytes, but it has ${bytes.length - start}; get the file again`,
    );
  }
  const data = numbersFromBytes(bytes.subarray(start), type, little);
  return { type, shape, data: fortran && shape.length > 1 ? cOrder(data, shape) : data };
}
