import { RandomStream } from '@gankit/core';
import { expect, test } from 'vitest';
import { distributions } from '../registry/index.ts';
import { paintedDistribution } from './painted-distribution.ts';

const count = 40_000;

test('each cell is as likely as its digit, and points are uniform within it', () => {
  // The top right cell once, the bottom left three times.
  const values = paintedDistribution({ cells: '0130' }).draw(count, new RandomStream(1));
  const at = (axis: 0 | 1) => Array.from({ length: count }, (_, index) => values[2 * index + axis]!);
  const [x, y] = [at(0), at(1)];
  expect(x.every((value, index) => (value > 0 && y[index]! > 0) || (value < 0 && y[index]! < 0))).toBe(true);
  const right = x.filter((value) => value > 0);
  // Five standard errors of a share, of the mean of a uniform number, and of its square's.
  expect(Math.abs(right.length / count - 1 / 4)).toBeLessThan(5 * Math.sqrt(3 / 16 / count));
  const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  expect(Math.abs(mean(right) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / right.length));
  const squares = right.map((value) => value ** 2);
  expect(Math.abs(mean(squares) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / right.length));
});

test('a single cell is found in its place, also the last', () => {
  for (const [cells, x, y] of [
    ['100000000', -1, 1],
    ['000000001', 1, -1],
    ['000010000', 0, 0],
  ] as const) {
    const points = paintedDistribution({ cells }).draw(100, new RandomStream(2));
    points.forEach((value, index) => {
      expect(Math.abs(value - (index % 2 === 0 ? x : y))).toBeLessThanOrEqual(x === 0 ? 1 / 3 : 2 / 3);
    });
  }
});

test('what is no painting is refused, by the function and by name', async () => {
  expect(() => paintedDistribution({ cells: '0000' })).toThrow('The painting is empty');
  expect(() => paintedDistribution({ cells: '011' })).toThrow('not 3 characters');
  expect(() => paintedDistribution({ cells: '01x0' })).toThrow('of other kinds');
  expect(() => paintedDistribution({ cells: '1'.repeat(129 ** 2) })).toThrow('at most 128 cells');
  await expect(distributions.create({ name: 'painted', cells: '0' }, undefined)).rejects.toThrow('empty');
  expect((await distributions.create({ name: 'painted', cells: '1' }, undefined)).name).toBe('painted');
});
