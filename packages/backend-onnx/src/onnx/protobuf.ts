/** As much of the protocol buffer wire format as an ONNX model needs (protobuf.dev/programming-guides/encoding). */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const encoder = new TextEncoder();

/** One encoded field. A message is the concatenation of its fields. */
export type Field = Uint8Array;

export function message(fields: Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let offset = 0;
  for (const field of fields) {
    bytes.set(field, offset);
    offset += field.length;
  }
  return bytes;
}

export function integer(number: number, value: number): Field {
  return Uint8Array.from([...varint((number << 3) | VARINT), ...varint(value)]);
}

export function float(number: number, value: number): Field {
  const bytes = new Uint8Array(new Float32Array([value]).buffer);
  return Uint8Array.from([...varint((number << 3) | FIXED32), ...bytes]);
}

export function bytes(number: number, value: Uint8Array): Field {
  return message([Uint8Array.from([...varint((number << 3) | LENGTH_DELIMITED), ...varint(value.length)]), value]);
}

export function text(number: number, value: string): Field {
  return bytes(number, encoder.encode(value));
}

export function submessage(number: number, fields: Field[]): Field {
  return bytes(number, message(fields));
}

/** Seven bits at a time, least significant first; a negative int64 takes ten bytes. */
function varint(value: number): number[] {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    groups.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  groups.push(Number(rest));
  return groups;
}
