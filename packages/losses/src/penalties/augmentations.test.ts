import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { flipAndShift, gaussianNoise } from './augmentations.ts';

describe('augmentations', () => {
  it('adds noise of the wanted size', () => {
    const noisy = gaussianNoise(0.2)(tf.zeros([200, 50]), new RandomStream(1));
    const { mean, variance } = tf.moments(noisy);
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance.dataSync()[0]!)).toBeCloseTo(0.2, 2);
  });

  it('mirrors some images of a batch and not others, without a shift', () => {
    const images = tf.tensor([1, 2, 3], [1, 1, 3, 1]).tile([40, 1, 1, 1]);
    const rows = flipAndShift(0)(images, new RandomStream(2)).reshape([40, 3]).arraySync() as number[][];
    const kinds = rows.map((row) => row.join());
    expect(new Set(kinds)).toEqual(new Set(['1,2,3', '3,2,1']));
    const unmirrored = flipAndShift(0, false)(images, new RandomStream(2)).reshape([40, 3]).arraySync() as number[][];
    expect(new Set(unmirrored.map((row) => row.join()))).toEqual(new Set(['1,2,3']));
  });

  it('shifts by whole pixels, repeats edges as mirror images, and keeps the shape', () => {
    const random = new RandomStream(3);
    const image = tf.range(0, 5).reshape([1, 1, 5, 1]);
    const seen = new Set<string>();
    for (let count = 0; count < 60; count++) seen.add(flipAndShift(1, false)(image, random).dataSync().join());
    expect(seen).toEqual(new Set(['0,1,2,3,4', '1,0,1,2,3', '1,2,3,4,3']));
  });
});
