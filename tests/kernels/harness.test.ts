// The comparison itself: that it finds what is wrong, makes it small, and sees what is written beside a result.
import { selectBackend } from '@gankit/backends';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KernelCase, KernelProperty } from './harness/kernel-case.ts';
import { faultOfCase } from './harness/run-case.ts';
import { runProperty } from './harness/run-property.ts';
import { drawValues, typed } from './harness/values.ts';

const options = { tolerance: 1e-5, guards: true };
const x = typed({ shape: [4], data: Float64Array.of(1, 2, 3, 4) }, 'float32');
const negative = typed({ shape: [4], data: Float64Array.of(-1, -2, -3, -4) }, 'float32');
const negation: KernelCase = { inputs: [x], run: (t) => tf.neg(t!), expected: negative };

describe('a case', () => {
  beforeAll(async () => {
    await selectBackend({ prefer: 'cpu', fallback: false });
  });

  test.each([
    ['is right', {}, undefined],
    ['has a wrong entry', { run: (t: tf.Tensor) => tf.abs(t) }, /instead of .* \(entry 0\)/],
    ['has a wrong dtype', { run: (t: tf.Tensor) => tf.cast(tf.neg(t), 'int32') }, /dtype int32 instead of float32/],
    ['has a wrong shape', { run: (t: tf.Tensor) => tf.reshape(tf.neg(t), [2, 2]) }, /shape \[2,2\] instead of \[4\]/],
    ['leaves tensors', { run: (t: tf.Tensor) => tf.neg(tf.keep(tf.square(tf.sqrt(t)))) }, /left \d+ tensors behind/],
    [
      'throws',
      {
        run: () => {
          throw new Error('no such kernel');
        },
      },
      /threw: no such kernel/,
    ],
  ] as const)('that %s', async (_name, changed, message) => {
    const fault = await faultOfCase({ ...negation, ...(changed as Partial<KernelCase>) }, options);
    if (message === undefined) expect(fault).toBeUndefined();
    else expect(fault).toMatch(message);
  });

  test('that changes its input', async () => {
    const run = (t: tf.Tensor) => {
      const result = tf.neg(t);
      (tf.backend() as unknown as { data: { get(id: object): { values: Float32Array } } }).data.get(
        t.dataId,
      ).values[1] = 9;
      return result;
    };
    expect(await faultOfCase({ ...negation, run: (t) => run(t!) }, options)).toMatch(/input 0 was changed/);
  });
});

test('a failing property is made as small as it goes', async () => {
  const property: KernelProperty = {
    name: 'wrong from three entries on',
    generate(draw) {
      const values = drawValues(draw, [draw.integer(1, 9)]);
      const expected = typed({ shape: values.shape, data: values.data.map((value) => -value) }, 'float32');
      return { inputs: [values], run: (t) => (t!.size < 3 ? tf.neg(t!) : tf.abs(t!)), expected };
    },
  };
  const { failure } = await runProperty(property, { ...options, cases: 100, seed: 1 });
  expect(failure?.description).toMatch(/float32\[3\]/);
  // The size 3, and the simplest of all streams of values.
  expect(failure?.choices).toEqual([2, 0]);
});

test('a kernel that writes beside its result on wasm is found', async () => {
  await selectBackend({ prefer: 'wasm', fallback: false });
  const run = (t: tf.Tensor) => {
    const result = tf.neg(t);
    const backend = tf.backend() as unknown as { typedArrayFromHeap(tensor: tf.Tensor): Float32Array };
    const { buffer, byteOffset } = backend.typedArrayFromHeap(result);
    // Beyond the result and the allocator's own few bytes.
    new Float32Array(buffer, byteOffset + 16 + 16, 1)[0] = 7;
    return result;
  };
  expect(await faultOfCase({ ...negation, run: (t) => run(t!) }, options)).toBe('wrote beside its output');
});
