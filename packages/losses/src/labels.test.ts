import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { makeLabels } from './labels.ts';
import { nonSaturating } from './non-saturating.ts';

const logits = tf.ones([1000, 2, 2, 1]);
const values = (targets: number | tf.Tensor) => Array.from((targets as tf.Tensor).dataSync());

describe('labels', () => {
  it('are 1 and 0 unless told otherwise', () => {
    expect(makeLabels({})).toMatchObject({ real: 1, fake: 0 });
  });

  it('are smoothed on the real side only, or on both', () => {
    expect(makeLabels({ labelSmoothing: 0.1 })).toMatchObject({ real: 0.9, fake: 0 });
    expect(makeLabels({ labelSmoothing: 0.1, smoothing: 'symmetric' })).toMatchObject({ real: 0.95, fake: 0.05 });
  });

  it('are flipped about as often as asked, one per sample', () => {
    const labels = makeLabels({ labelFlipping: 0.2, labelSmoothing: 0.1, random: new RandomStream(1) });
    const targets = labels.targets('real', logits) as tf.Tensor;
    expect(targets.shape).toEqual([1000, 1, 1, 1]);
    const flipped = values(targets).filter((value) => value === 0).length;
    expect(flipped).toBeGreaterThan(150);
    expect(flipped).toBeLessThan(250);
    expect(values(targets).every((value) => value === 0 || Math.abs(value - 0.9) < 1e-6)).toBe(true);
  });

  it('exchange the players in the loss when every one is flipped', () => {
    const flipped = nonSaturating({ labelFlipping: 1, random: new RandomStream(1) });
    const real = { logits: tf.tensor([3, -1]) };
    const fake = { logits: tf.tensor([0.5, -2]) };
    const swapped = nonSaturating().discriminatorLoss({ real: fake, fake: real });
    const actual = flipped.discriminatorLoss({ real, fake });
    expect(actual.dataSync()[0]).toBeCloseTo(swapped.dataSync()[0]!, 5);
  });

  it('flip the same samples again after the state was restored', async () => {
    const loss = nonSaturating({ labelFlipping: 0.5, random: new RandomStream(7) });
    const outputs = { real: { logits: tf.range(0, 8) }, fake: { logits: tf.range(-8, 0) } };
    const next = (part: typeof loss) => part.discriminatorLoss(outputs).dataSync()[0]!;
    next(loss);
    const stateful = loss as typeof loss & import('@gankit/core').Stateful;
    const state = await stateful.saveState();
    const expected = [next(loss), next(loss)];
    const resumed = nonSaturating({ labelFlipping: 0.5, random: new RandomStream(99) }) as typeof stateful;
    resumed.loadState(JSON.parse(JSON.stringify(state)));
    expect([next(resumed), next(resumed)]).toEqual(expected);
  });

  it('refuse numbers outside 0 to 1, and flipping without a stream', () => {
    expect(() => makeLabels({ labelSmoothing: 1.5 })).toThrow('labelSmoothing must be a number from 0 to 1, not 1.5.');
    expect(() => makeLabels({ labelFlipping: 0.1 })).toThrow(/needs a random stream/);
  });
});
