// A tar file as WebDataset reads it: `000000017.png`, and its class beside it in `000000017.cls`.
import { GanKitError } from '@gankit/core';
import type { PackedSet } from './packed-set.ts';

const block = 512;
const digits = 9;

/** A header of POSIX.1-1988 (ustar) for a plain file that nobody in particular wrote at no particular time: the same set is the same bytes. */
function header(name: string, size: number): Uint8Array {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, length: number) =>
    bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  bytes.write(name, 0, 'latin1');
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  bytes.fill(' ', 148, 156);
  bytes.write('0', 156, 'latin1');
  bytes.write('ustar\x0000', 257, 'latin1');
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}

function* file(name: string, content: Uint8Array): Generator<Uint8Array> {
  yield header(name, content.length);
  yield content;
  yield new Uint8Array((block - (content.length % block)) % block);
}

/** @throws GanKitError `incompatible` for pictures that are described by numbers, which this form has no place for. */
export async function* tarForm({ pictures }: PackedSet): AsyncGenerator<Uint8Array> {
  let index = 0;
  for await (const { png, label, vector } of pictures) {
    if (vector !== undefined) {
      throw new GanKitError('incompatible', 'A WebDataset has no place for attributes that are numbers; pack as .zip.');
    }
    const name = String(index++).padStart(digits, '0');
    if (label !== undefined) yield* file(`${name}.cls`, Buffer.from(String(label)));
    yield* file(`${name}.png`, png);
  }
  yield new Uint8Array(2 * block);
}
