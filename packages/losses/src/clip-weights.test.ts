import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { clipWeights } from './clip-weights.ts';

describe('weight clipping', () => {
  it('clips the trainable variables in place and no others', () => {
    const weight = tf.variable(tf.tensor([-3, -0.01, 0.02, 5]));
    const average = tf.variable(tf.tensor([7]), false);
    const before = tf.memory().numTensors;
    const constraint = clipWeights({ limit: 0.05 });
    constraint.apply([
      { name: 'weight', variable: weight, trainable: true },
      { name: 'average', variable: average, trainable: false },
    ]);
    expect(constraint.player).toBe('discriminator');
    const expected = Float32Array.from([-0.05, -0.01, 0.02, 0.05]);
    expect([...weight.dataSync()]).toEqual([...expected]);
    expect([...average.dataSync()]).toEqual([7]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([weight, average]);
  });

  it('refuses a limit that is not above 0', () => {
    expect(() => clipWeights({ limit: 0 })).toThrow(/limit must be a finite number of at least/);
  });
});
