import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROPERTY } from '../testing/compare-with-cpu.ts';
import { createHeap, sizeClass } from './heap.ts';

const PAGE = 65536;

function smallHeap(pages = 16, start = 1000) {
  return createHeap(new WebAssembly.Memory({ initial: pages, maximum: pages }), start, () => 'by 3 tensors');
}

describe('sizeClass', () => {
  it('is at least the size, aligned, and at most an eighth more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (bytes) => {
        const rounded = sizeClass(bytes);
        expect(rounded).toBeGreaterThanOrEqual(bytes);
        expect(rounded % 64).toBe(0);
        expect(rounded).toBeLessThanOrEqual(Math.max(bytes * 1.125, bytes + 64));
        expect(sizeClass(rounded)).toBe(rounded);
      }),
      { ...PROPERTY, numRuns: 1000 },
    );
  });
});

describe('a heap', () => {
  it('never gives the same byte twice, and gives everything back', () => {
    const steps = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 60000 }), drop: fc.nat() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (list) => {
        const heap = smallHeap();
        const held: { pointer: number; bytes: number }[] = [];
        for (const { bytes, drop } of list) {
          let pointer = 0;
          try {
            pointer = heap.allocate(bytes, 'a block');
          } catch {
            // Full: give one back and go on.
          }
          if (pointer !== 0) {
            expect(pointer % 64).toBe(0);
            expect(pointer).toBeGreaterThanOrEqual(1000);
            expect(pointer + bytes).toBeLessThanOrEqual(heap.capacity);
            for (const other of held) {
              expect(pointer + bytes <= other.pointer || other.pointer + other.bytes <= pointer).toBe(true);
            }
            held.push({ pointer, bytes: Math.max(bytes, 1) });
          }
          if (held.length > 0 && (pointer === 0 || drop % 3 === 0)) {
            const [block] = held.splice(drop % held.length, 1);
            heap.free(block!.pointer, block!.bytes);
          }
        }
        for (const { pointer, bytes } of held) heap.free(pointer, bytes);
        expect(heap.used).toBe(0);
        // All of it is one piece again.
        const all = heap.capacity - 1024 - 64;
        expect(() => heap.allocate(sizeClass(Math.floor(all / 1.125)) - 64, 'everything')).not.toThrow();
      }),
      PROPERTY,
    );
  });

  it('reuses a block of the same size rather than fresh memory', () => {
    const heap = smallHeap();
    const first = heap.allocate(5000, 'a block');
    heap.free(first, 5000);
    const touched = heap.touched;
    expect(heap.allocate(5000, 'a block')).toBe(first);
    expect(heap.touched).toBe(touched);
  });

  it('says what it could not place and what is in use', () => {
    const heap = smallHeap(2);
    heap.allocate(PAGE, 'a block');
    expect(() => heap.allocate(PAGE, 'float32 [64,256]')).toThrow(
      /^Out of tensor memory: float32 \[64,256\] needs 0\.1 MiB, but 0\.1 MiB of 0\.1 MiB are in use by 3 tensors; dispose tensors/,
    );
  });

  it('clears down to what was to be kept', () => {
    const heap = smallHeap();
    const kept = heap.allocate(100, 'a block');
    heap.keepAllocated();
    const dropped = heap.allocate(100, 'a block');
    heap.clear();
    expect(heap.allocate(100, 'a block')).toBe(dropped);
    expect(kept).not.toBe(dropped);
  });
});
