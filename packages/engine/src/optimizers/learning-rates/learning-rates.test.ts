import { expect, it } from 'vitest';
import { constantRate, cosineRate, exponentialRate, linearRate, stepRate } from './index.ts';

const at = (rate: (iteration: number) => number, ...iterations: number[]) =>
  iterations.map((iteration) => Number(rate(iteration).toPrecision(12)));

it('follows its formula', () => {
  expect(at(constantRate(0.3), 0, 1e6)).toEqual([0.3, 0.3]);
  expect(at(linearRate({ from: 1, iterations: 10, hold: 5 }), 0, 5, 10, 15, 99)).toEqual([1, 1, 0.5, 0, 0]);
  expect(at(linearRate({ from: 0, to: 2, iterations: 4 }), 0, 1, 4, 5)).toEqual([0, 0.5, 2, 2]);
  expect(at(cosineRate({ from: 1, to: 0.2, iterations: 6 }), 0, 2, 3, 6, 7)).toEqual([1, 0.8, 0.6, 0.2, 0.2]);
  expect(at(stepRate({ from: 1, every: 3 }), 0, 2, 3, 5, 6)).toEqual([1, 1, 0.1, 0.1, 0.01]);
  expect(at(exponentialRate({ from: 8, factor: 0.5, every: 2 }), 0, 1, 2, 6)).toEqual([8, 5.65685424949, 4, 1]);
});

it('refuses what is no rate', () => {
  expect(() => constantRate(-1)).toThrow('learningRate must be');
  expect(() => linearRate({ from: 1, iterations: 0 })).toThrow('iterations must be');
  expect(() => cosineRate({ from: Number.NaN, iterations: 5 })).toThrow('from must be');
  expect(() => stepRate({ from: 1, every: 1.5 })).toThrow('every must be');
  expect(() => exponentialRate({ from: 1, factor: -0.5 })).toThrow('factor must be');
});
