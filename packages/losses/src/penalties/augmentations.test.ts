import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { flipAndShift, gaussianNoise } from './augmentations.ts';

describe('augmentations', () => {
  it('adds noise of the wanted size', () => {
    const noisy = gaussianNoise({ standardDeviation: 0.2 })(tf.zeros([200, 50]), new RandomStream(1));
    const { mean, variance } = tf.moments(noisy);
    expect(mean.dataSync()[0]).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance.dataSync()[0]!)).toBeCloseTo(0.2, 2);
  });

  it('mirrors some images of a batch and not others, without a shift', () => {
    const images = tf.tensor([1, 2, 3], [1, 1, 3, 1]).tile([40, 1, 1, 1]);
    const rows = flipAndShift({ maximumShift: 0 })(images, new RandomStream(2))
      .reshape([40, 3])
      .arraySync() as number[][];
    const kinds = rows.map((row) => row.join());
    expect(new Set(kinds)).toEqual(new Set(['1,2,3', '3,2,1']));
    const unmirrored = flipAndShift({ maximumShift: 0, mirror: false })(images, new RandomStream(2))
      .reshape([40, 3])
      .arraySync() as number[][];
    expect(new Set(unmirrored.map((row) => row.join()))).toEqual(new Set(['1,2,3']));
  });

  it('shifts by whole pixels, repeats edges as mirror images, and keeps the shape', () => {
    const random = new RandomStream(3);
    const image = tf.range(0, 5).reshape([1, 1, 5, 1]);
    const seen = new Set<string>();
    for (let count = 0; count < 60; count++)
      seen.add(flipAndShift({ maximumShift: 1, mirror: false })(image, random).dataSync().join());
    expect(seen).toEqual(new Set(['0,1,2,3,4', '1,0,1,2,3', '1,2,3,4,3']));
  });

  it('says which samples it can move', () => {
    expect(() => flipAndShift()(tf.zeros([4, 2]), new RandomStream(4))).toThrow(
      'flipAndShift needs images of shape [batch, height, width, channels], not samples of shape [4, 2]; use gaussianNoise() for other data.',
    );
  });
});
