import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import type { StoredTensor } from './state.ts';

/** A file by hand: header length, header, data. */
function file(header: unknown, data: readonly number[] = [], headerLength?: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(headerLength ?? json.length), true);
  return Uint8Array.from([...length, ...json, ...data]);
}

test('the bytes are those of the format, written out by hand', () => {
  const bytes = encodeSafetensors({ w: { shape: [1, 2], dtype: 'float32', data: Float32Array.of(1, -2) } });
  const header = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  expect(header).toHaveLength(56);
  // 1 is 3f800000 and -2 is c0000000, the lowest byte first.
  expect(bytes).toEqual(file(header, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]));
});

test('the header is padded with spaces so that the data are aligned', () => {
  const bytes = encodeSafetensors({ name: { shape: [], dtype: 'int32', data: Int32Array.of(7) } }, { step: '3' });
  const headerLength = new DataView(bytes.buffer).getUint32(0, true);
  expect(headerLength % 8).toBe(0);
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + headerLength));
  expect(header.trimEnd()).toBe('{"__metadata__":{"step":"3"},"name":{"dtype":"I32","shape":[],"data_offsets":[0,4]}}');
});

const tensor: fc.Arbitrary<StoredTensor> = fc
  .tuple(fc.array(fc.nat(3), { maxLength: 3 }), fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const))
  .chain(([shape, dtype]) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const size = { minLength: length, maxLength: length };
    const data =
      dtype === 'float32' ? fc.float32Array(size) : dtype === 'int32' ? fc.int32Array(size) : fc.uint8Array(size);
    return data.map((values) => ({ shape, dtype, data: values }));
  });
const tensors = fc.dictionary(
  fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
  tensor,
);

/** As entries, since a dictionary may or may not have a prototype. */
const plain = (record: Readonly<Record<string, StoredTensor>>) =>
  Object.entries(record)
    .map(([name, { shape, dtype, data }]) => ({
      name,
      shape,
      dtype,
      data: Array.from(data),
      kind: data.constructor.name,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

describe('what is written', () => {
  test('is read back to the bit, whatever the names, shapes and types', () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (original, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(original, metadata), 'a');
        expect(plain(read.tensors)).toEqual(plain(original));
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
    );
  });

  test('does not depend on the order in which tensors are given', () => {
    const a: StoredTensor = { shape: [1], dtype: 'bool', data: Uint8Array.of(1) };
    const b: StoredTensor = { shape: [1], dtype: 'float32', data: Float32Array.of(2) };
    const bytes = encodeSafetensors({ a, b });
    expect(bytes).toEqual(encodeSafetensors({ b, a }));
    // Four-byte values come before single bytes, so that a reader can map them without a copy.
    expect([...bytes.slice(-5)]).toEqual([0, 0, 0, 0x40, 1]);
  });

  test('may be a view into a larger array', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const { tensors: read } = decodeSafetensors(encodeSafetensors({ w: { shape: [2], dtype: 'float32', data } }), 'a');
    expect(Array.from(read['w']!.data)).toEqual([1, 2]);
  });

  test('keeps a tensor with the name of a prototype', () => {
    const original = JSON.parse('{"__proto__": 0, "constructor": 0}') as Record<string, StoredTensor>;
    for (const name of Object.keys(original)) {
      Object.defineProperty(original, name, { value: { shape: [], dtype: 'int32', data: Int32Array.of(5) } });
    }
    const { tensors: read } = decodeSafetensors(encodeSafetensors(original), 'a');
    expect(Object.keys(read).sort()).toEqual(['__proto__', 'constructor']);
  });

  test("may be part of a larger buffer, as Node's small files are", () => {
    const bytes = encodeSafetensors({
      w: { shape: [2], dtype: 'float32', data: Float32Array.of(1, -2) },
      mask: { shape: [1], dtype: 'bool', data: Uint8Array.of(1) },
    });
    for (const offset of [0, 1, 8]) {
      const larger = Buffer.alloc(bytes.length + 40, 0xff);
      larger.set(bytes, offset);
      const { tensors: read } = decodeSafetensors(larger.subarray(offset, offset + bytes.length), 'a');
      expect(Array.from(read['w']!.data)).toEqual([1, -2]);
      expect(Array.from(read['mask']!.data)).toEqual([1]);
      larger.fill(0);
      expect(Array.from(read['w']!.data)).toEqual([1, -2]);
    }
  });

  test('cannot have a tensor named as the metadata', () => {
    expect(() => encodeSafetensors({ __metadata__: { shape: [], dtype: 'bool', data: Uint8Array.of(1) } })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});

describe('a damaged file', () => {
  const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  const four = [0, 0, 0, 0];

  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), 'it has only 0 bytes'],
    ['cut in the length', new Uint8Array(7), 'it has only 7 bytes'],
    ['cut in the header', file({ w: entry }, [], 500), 'its header of 500 bytes does not fit into 62 bytes'],
    ['with an immense header', file({}, [], 2 ** 52), `its header of ${2 ** 52} bytes does not fit into 10 bytes`],
    ['without JSON', file('{"w":'), 'its header is not JSON'],
    ['with broken UTF-8', file('"', [0xff, 0x22], 3), 'its header is not JSON'],
    ['with a list', file([entry]), 'its header is not an object'],
    ['with null', file('null'), 'its header is not an object'],
    ['with metadata that are not text', file({ __metadata__: { step: 3 } }), 'its metadata is not text by key'],
    ['with an entry that is no object', file({ w: 3 }), "the entry of 'w' is malformed"],
    ['without a type', file({ w: { ...entry, dtype: undefined } }, four), "the entry of 'w' is malformed"],
    ['with a negative size', file({ w: { ...entry, shape: [-1] } }, four), "the entry of 'w' is malformed"],
    [
      'with a fractional offset',
      file({ w: { ...entry, data_offsets: [0, 3.5] } }, four),
      "the entry of 'w' is malformed",
    ],
    ['with another type', file({ w: { ...entry, dtype: 'BF16' } }, four), "'w' has the unsupported type BF16"],
    [
      "with a type of JavaScript's",
      file({ w: { ...entry, dtype: 'toString' } }, four),
      "'w' has the unsupported type toString",
    ],
    ['cut in the data', file({ w: entry }, [0, 0]), "'w' should have 4 bytes, from 0 to 4 of 2"],
    ['with a wrong size', file({ w: { ...entry, shape: [2] } }, four), "'w' should have 8 bytes, from 0 to 4 of 4"],
    ['with a shape past counting', file({ w: { ...entry, shape: [2 ** 40, 2 ** 40] } }, four), "'w' should have"],
    ['with data to spare', file({ w: entry }, [...four, 0]), 'its tensors do not cover its data'],
    ['with shared data', file({ v: entry, w: entry }, four), 'its tensors do not cover its data'],
    [
      'with a gap',
      file({ v: entry, w: { ...entry, data_offsets: [5, 9] } }, [...four, 0, ...four]),
      'its tensors do not cover its data',
    ],
  ])('%s is refused, and named', (_, bytes, why) => {
    expect(() => decodeSafetensors(bytes, 'generator.safetensors')).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        path: 'generator.safetensors',
        message: expect.stringContaining(`'generator.safetensors' is not a readable safetensors file (${why}`),
      }),
    );
  });

  test('never throws anything but a GANKit error, wherever a byte is changed or the end is cut off', () => {
    const good = encodeSafetensors({ w: { shape: [2], dtype: 'float32', data: Float32Array.of(1, 2) } }, { a: 'b' });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
        const bytes = good.slice(0, length);
        if (at < length) bytes[at] = byte;
        try {
          decodeSafetensors(bytes, 'a');
        } catch (error) {
          expect(error).toMatchObject({ name: 'GanKitError', code: 'invalid-data' });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what could not be read back is not written', () => {
  const tensor = { dtype: 'float32', shape: [3], data: new Float32Array(3) } as const;
  test.each<[string, object, string]>([
    [
      'too few values',
      { data: new Float32Array(2) },
      "'w' cannot be written: its shape [3] has 3 values, and its data 2",
    ],
    ['too many values', { shape: [] }, 'its shape [] has 1 values, and its data 3'],
    ['values of another type', { data: new Int32Array(3) }, 'its data are no Float32Array'],
    ['another type', { dtype: 'float16' }, 'its type is float16, not float32, int32 or bool'],
    ['a size that is none', { shape: [1.5, 2] }, 'its shape is [1.5, 2]'],
    ['a negative size', { shape: [-3] }, 'its shape is [-3]'],
  ])('%s', (_, change, message) => {
    expect(() => encodeSafetensors({ w: { ...tensor, ...change } as StoredTensor })).toThrow(message);
  });

  test('metadata that are no text', () => {
    expect(() => encodeSafetensors({}, { a: 1 } as never)).toThrow('must be text by key');
  });
});
