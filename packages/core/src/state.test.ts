import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isStateful, restoreTensor, restoreVariable, storeTensor } from './state.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.disposeVariables();
  tf.engine().endScope();
});

/** A small shape and its number of values. */
const shapes = fc
  .array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
  .map((shape) => ({ shape, size: shape.reduce((product, size) => product * size, 1) }));

describe('a tensor that is stored and restored', () => {
  test('has the same bits, float32', async () => {
    const values = ({ shape, size }: { shape: number[]; size: number }) =>
      fc.float32Array({ minLength: size, maxLength: size }).map((data) => ({ shape, data }));
    await fc.assert(
      fc.asyncProperty(shapes.chain(values), async ({ shape, data }) => {
        const original = tf.tensor(data.slice(), shape);
        const copy = restoreTensor(await storeTensor(original));
        expect(copy.shape).toEqual(shape);
        expect(copy.dtype).toBe('float32');
        // Object.is on each value: NaN, -0 and subnormal numbers included.
        expect(Array.from(await copy.data())).toEqual(Array.from(data));
        tf.dispose([original, copy]);
      }),
    );
  });

  test.each<['int32' | 'bool', number[]]>([
    ['int32', [-(2 ** 31), -1, 0, 2 ** 31 - 1]],
    ['bool', [1, 0, 0, 1]],
  ])('has the same values, %s', async (dtype, values) => {
    const stored = await storeTensor(tf.tensor(values, [2, 2], dtype));
    expect(stored.dtype).toBe(dtype);
    expect(stored.data).toBeInstanceOf(dtype === 'int32' ? Int32Array : Uint8Array);
    const copy = restoreTensor(stored);
    expect([copy.dtype, copy.shape, Array.from(await copy.data())]).toEqual([dtype, [2, 2], values]);
  });

  test('shares no memory with the stored values, in either direction', async () => {
    const original = tf.tensor1d([1, 2, 3]);
    const stored = await storeTensor(original);
    stored.data[0] = 99;
    expect(Array.from(await original.data())).toEqual([1, 2, 3]);
    const copy = restoreTensor(stored);
    stored.data[1] = 99;
    expect(Array.from(await copy.data())).toEqual([99, 2, 3]);
  });
});

test('text and complex numbers cannot be stored', async () => {
  await expect(storeTensor(tf.tensor(['a']))).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'A string tensor cannot be stored; store float32, int32 or bool.',
  });
  await expect(storeTensor(tf.complex([1], [2]))).rejects.toMatchObject({ code: 'invalid-argument' });
});

describe('restoreVariable', () => {
  test('puts the values back and leaves no tensor behind', async () => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    const stored = await storeTensor(variable);
    variable.assign(tf.tensor1d([7, 8, 9]));
    const before = tf.memory().numTensors;
    restoreVariable(variable, stored, 'hidden/bias');
    expect(tf.memory().numTensors).toBe(before);
    expect(Array.from(await variable.data())).toEqual([1, 2, 3]);
  });

  test.each([
    ['nothing', undefined, "The saved state has no 'w'; it belongs to another part."],
    [
      'another shape',
      { shape: [2, 3], dtype: 'float32' as const, data: new Float32Array(6) },
      "The saved 'w' has shape [2, 3], this part needs [3]; it belongs to another architecture.",
    ],
    [
      'another type',
      { shape: [3], dtype: 'int32' as const, data: new Int32Array(3) },
      "The saved 'w' is int32, this part needs float32; it belongs to another part.",
    ],
  ])('refuses %s and changes nothing', async (_, stored, message) => {
    const variable = tf.variable(tf.tensor1d([1, 2, 3]));
    expect(() => restoreVariable(variable, stored, 'w')).toThrow(
      expect.objectContaining({ code: 'incompatible', message }),
    );
    expect(Array.from(await variable.data())).toEqual([1, 2, 3]);
  });
});

test('a part is stateful when it can both save and load', () => {
  const saveState = async () => ({});
  const loadState = () => {};
  expect(isStateful({ saveState, loadState })).toBe(true);
  for (const part of [{ saveState }, { loadState }, {}, null, undefined, 1, { saveState, loadState: true }]) {
    expect(isStateful(part)).toBe(false);
  }
});
