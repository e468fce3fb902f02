import { expect, test } from 'vitest';
import { joinedTexts, numbersOf, partTexts, rangeOf, seedsOf, valuesOf } from './lists.ts';

test('commas separate parts, but not the options of one, nor the members of a list', () => {
  expect(partTexts('minimax,hinge')).toEqual(['minimax', 'hinge']);
  expect(partTexts('a:x=1,y=2,b,c:list=[1,2],z=3')).toEqual(['a:x=1,y=2', 'b', 'c:list=[1,2],z=3']);
  expect(partTexts('w+gp:weight=5,interval=2,h+r1:gamma=1')).toEqual(['w+gp:weight=5,interval=2', 'h+r1:gamma=1']);
  expect(partTexts('')).toEqual([]);
});

test('a plus joins parts, but an exponent none', () => {
  expect(joinedTexts('wasserstein+gradient-penalty:weight=1e+1')).toEqual([
    'wasserstein',
    'gradient-penalty:weight=1e+1',
  ]);
  expect(joinedTexts('hinge')).toEqual(['hinge']);
});

test('numbers are what the option takes', () => {
  expect(numbersOf('--learning-rate', '1e-4,0.002')).toEqual([1e-4, 0.002]);
  expect(numbersOf('--batch-size', '8,16', { minimum: 1, whole: true })).toEqual([8, 16]);
  for (const text of ['', '1,', '0', 'x', '-1', '1e999']) {
    expect(() => numbersOf('--learning-rate', text), text).toThrow('--learning-rate takes numbers over 0');
  }
  for (const text of ['0', '1.5', '']) {
    const whole = { minimum: 1, whole: true };
    expect(() => numbersOf('--batch-size', text, whole), text).toThrow('takes whole numbers of at least 1');
  }
});

test('seeds are a number of them, a range, or a list', () => {
  expect(seedsOf('3')).toEqual([1, 2, 3]);
  expect(seedsOf('4..6')).toEqual([4, 5, 6]);
  expect(seedsOf('0..0')).toEqual([0]);
  expect(seedsOf('2,7,11')).toEqual([2, 7, 11]);
  for (const text of ['', '0', '-1', '6..4', '1,', 'x', '1..', '9999999', '1.5']) {
    expect(() => seedsOf(text), text).toThrow('--seeds takes');
  }
});

test('ranges and values of any kind', () => {
  expect(rangeOf('0.01..10:log')).toEqual({ from: 0.01, to: 10, scale: 'log' });
  expect(rangeOf('8..64')).toEqual({ from: 8, to: 64, scale: 'linear' });
  expect(rangeOf('-1..1e-3')).toEqual({ from: -1, to: 1e-3, scale: 'linear' });
  for (const text of ['1,2', 'a..b', '1..2,3', '..2', 'one']) expect(rangeOf(text), text).toBeUndefined();
  expect(valuesOf('1,2.5')).toEqual([1, 2.5]);
  expect(valuesOf('hinge,minimax')).toEqual(['hinge', 'minimax']);
  expect(valuesOf('[64,64],[128]')).toEqual([[64, 64], [128]]);
  expect(valuesOf('{"name":"fixed"},null')).toEqual([{ name: 'fixed' }, null]);
});
