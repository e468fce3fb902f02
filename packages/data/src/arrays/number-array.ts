// Arrays of numbers as files hold them: a type, a shape, the values in C order.
import { formatShape, GanKitError } from '@gankit/core';

/** The types of numbers that are read. */
export type NumberType =
  | 'bool'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'int64'
  | 'float16'
  | 'float32'
  | 'float64';

export type NumberData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array of numbers with its shape, the last axis running fastest. */
export interface NumberArray {
  readonly type: NumberType;
  readonly shape: readonly number[];
  readonly data: NumberData;
}

/** Bytes of one number of each type. */
export const numberBytes: Readonly<Record<NumberType, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  int64: 8,
  float64: 8,
};

/** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const makers: Readonly<Record<NumberType, (count: number) => NumberData>> = {
  bool: (count) => new Uint8Array(count),
  uint8: (count) => new Uint8Array(count),
  int8: (count) => new Int8Array(count),
  uint16: (count) => new Uint16Array(count),
  int16: (count) => new Int16Array(count),
  uint32: (count) => new Uint32Array(count),
  int32: (count) => new Int32Array(count),
  // Labels and counts: what is beyond 2 ** 53 is no whole number any more.
  int64: (count) => new Float64Array(count),
  float16: (count) => new Float32Array(count),
  float32: (count) => new Float32Array(count),
  float64: (count) => new Float64Array(count),
};

function reader(view: DataView, type: NumberType, little: boolean): (offset: number) => number {
  switch (type) {
    case 'bool':
    case 'uint8':
      return (offset) => view.getUint8(offset);
    case 'int8':
      return (offset) => view.getInt8(offset);
    case 'uint16':
      return (offset) => view.getUint16(offset, little);
    case 'int16':
      return (offset) => view.getInt16(offset, little);
    case 'uint32':
      return (offset) => view.getUint32(offset, little);
    case 'int32':
      return (offset) => view.getInt32(offset, little);
    case 'int64':
      return (offset) => Number(view.getBigInt64(offset, little));
    case 'float16':
      return (offset) => half(view.getUint16(offset, little));
    case 'float32':
      return (offset) => view.getFloat32(offset, little);
    case 'float64':
      return (offset) => view.getFloat64(offset, little);
  }
}

/**
 * Numbers from bytes. Those of one byte are not copied.
 * @param bytes As many as the numbers take, no more and no less.
 */
export function numbersFromBytes(bytes: Uint8Array, type: NumberType, little: boolean): NumberData {
  if (type === 'uint8' || type === 'bool') return bytes;
  const size = numberBytes[type];
  const data = makers[type](bytes.length / size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = reader(view, type, little);
  for (let index = 0; index < data.length; index++) data[index] = read(index * size);
  return data;
}

/** An array of its own; that of a Buffer, whose `slice` shares memory, as well. */
export function copyOf(data: NumberData): NumberData {
  return data instanceof Uint8Array ? new Uint8Array(data) : data.slice();
}

/** Numbers that a shape holds; not safe as an integer for a shape that is no file's. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * The least and the greatest number.
 * @throws GanKitError `invalid-data` for one that is not finite, with its place.
 */
export function rangeOf(path: string, { data, shape }: NumberArray): readonly [minimum: number, maximum: number] {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const length = countOf(shape.slice(1));
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    if (!Number.isFinite(value)) {
      throw new GanKitError(
        'invalid-data',
        `'${path}' holds ${value} in sample ${Math.floor(index / length)} of shape ${formatShape(shape.slice(1))}; replace or leave out what is not finite.`,
        { path, value },
      );
    }
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return [minimum, maximum];
}
