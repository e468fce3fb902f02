// What an array is taken for, and where its values go.
import { describe, expect, it } from 'vitest';
import { everySample } from '../node/recorded.fixture.ts';
import { arraySource } from './array-source.ts';
import type { NumberArray } from './number-array.ts';

const open = (array: NumberArray, rest = {}) => arraySource({ name: 'set', path: 'set.npy', array, ...rest });
const floats = (shape: readonly number[], at: (index: number) => number): NumberArray => ({
  type: 'float64',
  shape,
  data: Float64Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => at(index)),
});

describe('images', () => {
  it('of bytes and of 16 bits use their whole range', async () => {
    const bytes: NumberArray = { type: 'uint8', shape: [1, 1, 2], data: Uint8Array.of(0, 255) };
    expect((await everySample(open(bytes))).values).toEqual([-1, 1]);
    const words: NumberArray = { type: 'uint16', shape: [1, 1, 3], data: Uint16Array.of(0, 65_535, 32_768) };
    const { values } = await everySample(open(words));
    expect(values.slice(0, 2)).toEqual([-1, 1]);
    // Finer than 8 bits: half of the range and half of a step.
    expect(values[2]).toBeCloseTo(1 / 65_535, 7);
  });

  it.each([
    ['[0, 1]', [0, 0.25, 1], [-1, -0.5, 1]],
    ['[-1, 1]', [-1, 0.25, 1], [-1, 0.25, 1]],
    ['[0, 255]', [0, 51, 255], [-1, -0.6, 1]],
    ['any other range', [-3, 2, 7], [-1, 0, 1]],
    ['one value', [7000, 7000, 7000], [0, 0, 0]],
  ])('of floats in %s', async (_, given, expected) => {
    const { values } = await everySample(open(floats([1, 1, 3], (index) => given[index]!)));
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 6);
    });
  });

  it('may have seven channels, last or first', async () => {
    const last = open(floats([1, 20, 20, 7], (index) => (index % 7) / 6));
    const first = open(floats([1, 7, 20, 20], (index) => Math.floor(index / 400) / 6));
    expect(last.shape).toEqual([20, 20, 7]);
    expect(first.shape).toEqual([20, 20, 7]);
    expect((await everySample(first)).values).toEqual((await everySample(last)).values);
  });

  it('have the classes of labels that occur', async () => {
    const labels = { type: 'int64', shape: [3, 1], data: Float64Array.of(7, 2, 7) } as const;
    const source = open(
      floats([3, 1, 1], () => 0),
      { labels },
    );
    expect(source.classNames).toEqual(['2', '7']);
    expect((await everySample(source)).labels).toEqual([1, 0, 1]);
  });
});

it('two axes are a table, with classes where there are labels', () => {
  const labels = { type: 'uint8', shape: [3], data: Uint8Array.of(10, 9, 10) } as const;
  expect(
    open(
      floats([3, 2], (index) => index),
      { labels },
    ),
  ).toMatchObject({
    kind: 'table',
    shape: [2],
    size: 3,
    classNames: ['9', '10'],
    chosen: { kind: 'table' },
  });
});

it('sequences are scaled by their largest magnitude, and say so', async () => {
  const source = open(
    floats([2, 3], (index) => index - 4),
    { kind: 'sequence' },
  );
  expect(source).toMatchObject({ kind: 'sequence', shape: [3], scale: 4 });
  expect((await everySample(source)).values).toEqual([-1, -0.75, -0.5, -0.25, 0, 0.25]);
});

it.each([
  ['NaN', floats([2, 2, 2], (index) => (index === 5 ? Number.NaN : 0)), {}, /holds NaN in sample 1 of shape \[2, 2\]/],
  ['no samples', floats([0, 2, 2], () => 0), {}, /holds no samples/],
  ['one number', floats([], () => 0), {}, /holds no samples/],
  ['half a label', floats([1, 2, 2], () => 0), { labels: floats([1], () => 0.5) }, /has the label 0.5/],
  ['too few labels', floats([2, 2, 2], () => 0), { labels: floats([1], () => 1) }, /has 2 samples but 1 labels/],
  ['a table as images', floats([2, 2], () => 0), { kind: 'images' }, /not \[count, height, width\]/],
])('%s is refused', (_, array, rest, message) => {
  expect(() => open(array, rest)).toThrow(message);
});
