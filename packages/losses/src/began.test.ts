import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { began } from './began.ts';

const number = (scalar: tf.Scalar) => {
  const value = scalar.dataSync()[0]!;
  scalar.dispose();
  return value;
};

describe('BEGAN', () => {
  const real = { logits: tf.tensor([2, 4, 3]) };
  const fake = { logits: tf.tensor([1, 0.5, 1.5]) };

  it('moves k by lambda (gamma r - f) after each discriminator update, and its loss with it', () => {
    const loss = began({ gamma: 0.5, lambda: 0.1 });
    expect(number(loss.balance())).toBe(0);
    let k = 0;
    for (let update = 0; update < 4; update++) {
      expect(number(loss.discriminatorLoss({ real, fake }))).toBeCloseTo(3 - k * 1, 6);
      loss.afterDiscriminatorUpdate?.({ real, fake });
      k += 0.1 * (0.5 * 3 - 1);
      expect(number(loss.balance())).toBeCloseTo(k, 6);
    }
    loss.dispose();
  });

  it('keeps k in [0, 1]', () => {
    const loss = began({ lambda: 10 });
    loss.afterDiscriminatorUpdate?.({ real, fake });
    expect(number(loss.balance())).toBe(1);
    loss.afterDiscriminatorUpdate?.({ real: fake, fake: real });
    expect(number(loss.balance())).toBe(0);
    loss.dispose();
  });

  it('measures convergence as r + |gamma r - f|', () => {
    expect(number(began().convergence({ real, fake }))).toBeCloseTo(3 + Math.abs(0.75 * 3 - 1), 6);
  });

  it('saves and restores k bit for bit', async () => {
    const loss = began({ lambda: 0.37 });
    loss.afterDiscriminatorUpdate?.({ real, fake });
    const restored = began({ lambda: 0.37 });
    restored.loadState(await loss.saveState());
    expect(number(restored.balance())).toBe(number(loss.balance()));
    expect(number(restored.balance())).toBeGreaterThan(0);
    expect(() => restored.loadState({})).toThrow(/has no 'k'/);
    loss.dispose();
    restored.dispose();
  });

  it('never hands k to an optimiser', () => {
    const loss = began();
    const w = tf.variable(tf.scalar(1));
    const { grads } = tf.variableGrads(() =>
      loss.discriminatorLoss({ real: { logits: tf.mul(real.logits, w) }, fake }),
    );
    expect(Object.keys(grads)).toEqual([w.name]);
    w.dispose();
    loss.dispose();
  });
});
