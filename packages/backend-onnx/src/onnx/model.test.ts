import { describe, expect, it } from 'vitest';
import { encodeModel, singleOperator } from './model.ts';
import { bytes, float, integer, submessage, text } from './protobuf.ts';

describe('the wire format', () => {
  it('is that of the protocol buffer guide', () => {
    // protobuf.dev/programming-guides/encoding: field 1 = 150, field 2 = "testing", field 3 = { field 1 = 150 }
    expect(Array.from(integer(1, 150))).toEqual([0x08, 0x96, 0x01]);
    expect(Array.from(text(2, 'testing'))).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    expect(Array.from(submessage(3, [integer(1, 150)]))).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect(Array.from(integer(1, -2))).toEqual([0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
    expect(Array.from(float(2, 1))).toEqual([0x15, 0x00, 0x00, 0x80, 0x3f]);
    expect(Array.from(bytes(1, new Uint8Array(200))).slice(0, 3)).toEqual([0x0a, 0xc8, 0x01]);
  });
});

describe('a model', () => {
  it('names its operator, inputs and outputs', () => {
    const encoded = new TextDecoder('latin1').decode(encodeModel(singleOperator('Add', [1, 1], [1])));
    for (const name of ['Add', 'i0', 'i1', 'o0']) expect(encoded).toContain(name);
  });
});
