/** Work in parts: every part done once, by whichever thread; what goes wrong in a part; numbers too small. */

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnnxBackend } from '../backend.ts';
import '../index.ts';
import { OnnxBackendError } from '../errors.ts';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import { inScratch, type Work } from './work.ts';

let onnx: OnnxBackend;

beforeAll(async () => {
  await tf.setBackend('onnx');
  onnx = tf.backend() as OnnxBackend;
});

/** Elements in the heap for the time of `use`. */
function withFloats(values: ArrayLike<number>, use: (pointer: number, view: Float32Array) => void): void {
  onnx.scratch(4 * values.length, 'a test', (pointer) => {
    const view = new Float32Array(onnx.heap.buffer, pointer, values.length);
    view.set(values);
    use(pointer, view);
  });
}

/** Gives other threads time to start, and to go to sleep again. */
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('work in parts', () => {
  it('is done once each, time after time, with helpers asleep, starting or at work', async () => {
    const parts = 200;
    for (let round = 0; round < 60; round++) {
      withFloats(new Float32Array(parts), (pointer, view) => {
        onnx.inParts(0, 'a test', (work) => {
          for (let part = 0; part < parts; part++) {
            work.part(({ kernel }) => {
              kernel('scale_and_shift', pointer + 4 * part, pointer + 4 * part, 1, 1, part + 1);
            });
          }
        });
        expect(view).toEqual(Float32Array.from({ length: parts }, (_, part) => part + 1));
      });
      if (round % 20 === 5) await pause(50);
    }
  });

  it('runs kernels and models in order within a part, in scratch memory of its own', () => {
    const [parts, size] = [64, 1000];
    withFloats(new Float32Array(parts * size).fill(2), (pointer, view) => {
      onnx.inParts(8 * size, 'a test', (work: Work) => {
        for (let index = 0; index < parts; index++) {
          const mine = pointer + 4 * index * size;
          work.part((part) => {
            part.kernel('scale_and_shift', mine, inScratch(0), size, 1, index);
            part.run(
              'Neg',
              () => singleOperator('Neg', [FLOAT], [FLOAT]),
              [{ pointer: inScratch(0), shape: [size], type: FLOAT }],
              [{ pointer: inScratch(size), shape: [size], type: FLOAT }],
            );
            part.kernel('square', inScratch(size), mine, size, 0, 0);
          });
        }
      });
      expect(view).toEqual(Float32Array.from(view, (_, i) => (Math.floor(i / size) + 2) ** 2));
    });
  });

  it('passes integers on', () => {
    withFloats([1, 2, 3, 4, 5, 6], (pointer) => {
      withFloats(new Float32Array(6), (target, view) => {
        onnx.inParts(0, 'a test', (work) => {
          const transposition = work.integersFor([2, 3]);
          const from = work.integersFor([1, 2]);
          const to = work.integersFor([3, 1]);
          work.part(({ kernel }) => kernel('strided_copy', pointer, target, 2, transposition, from, to));
        });
        expect([...view]).toEqual([1, 3, 5, 2, 4, 6]);
      });
    });
  });

  // Threads of the system inherit how their maker treats these; if that changed, results would depend on who computed them.
  it('takes numbers too small to be normal for zero on every thread', async () => {
    const parts = 400;
    for (let round = 0; round < 10; round++) {
      withFloats(new Float32Array(parts * 16).fill(1e-25), (pointer, view) => {
        onnx.inParts(0, 'a test', (work) => {
          for (let part = 0; part < parts; part++) {
            work.part(({ kernel }) => kernel('square', pointer + 64 * part, pointer + 64 * part, 16, 0, 0));
          }
        });
        expect(new Set(view)).toEqual(new Set([0]));
      });
      await pause(5);
    }
  });

  it('fails with what ONNX Runtime says, whichever thread it was, and goes on', async () => {
    for (let round = 0; round < 5; round++) {
      withFloats([1, 2, 3, 4], (pointer, view) => {
        const matrix = (rows: number, columns: number) => ({ pointer, shape: [rows, columns] });
        expect(() =>
          onnx.inParts(0, 'an impossible product', (work) => {
            for (let index = 0; index < 8; index++) {
              work.part((part) => part.multiply(matrix(2, 2), matrix(1, 4), matrix(2, 4)));
            }
          }),
        ).toThrow(OnnxBackendError);
        expect(() =>
          onnx.inParts(0, 'an impossible product', (work) => {
            work.part((part) => part.multiply(matrix(2, 2), matrix(1, 4), matrix(2, 4)));
          }),
        ).toThrow(/ONNX Runtime failed to compute an impossible product: .*MatMul/);
        onnx.inParts(0, 'a test', (work) => {
          for (let index = 0; index < 4; index++) {
            work.part(({ kernel }) => kernel('negate', pointer + 4 * index, pointer + 4 * index, 1, 0, 0));
          }
        });
        expect([...view]).toEqual([-1, -2, -3, -4]);
      });
      await pause(1);
    }
  });
});
