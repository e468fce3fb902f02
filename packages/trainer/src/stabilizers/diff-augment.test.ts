import { type Discriminator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { linearDiscriminator } from '../linear-players.fixture.ts';
import { diffAugment } from './diff-augment.ts';
import { type ImageJudge, imageJudge, show } from './image-judge.fixture.ts';

const count = 300;
let tensors = 0;
let judge: ImageJudge;
let images: tf.Tensor;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  judge = imageJudge(8, 8, 3);
  images = new RandomStream(5).uniformTensor([count, 8, 8, 3], 0.1, 1);
});
afterEach(() => {
  judge.dispose();
  images.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What the judge is shown of the images under one policy, and the images themselves. */
function shown(policy: 'color' | 'translation' | 'cutout') {
  show(diffAugment(judge, { policy: [policy], random: new RandomStream(1) }), images);
  return { seen: judge.seen, real: images.arraySync() as number[][][][] };
}

test('colour: brightness, saturation and contrast within their ranges, each image on its own', () => {
  const { seen, real } = shown('color');
  const factors = seen.map((image, index) => {
    const [x, y] = [real[index]!, image];
    const difference = mean(y.flat(2)) - mean(x.flat(2));
    // Saturation leaves the mean over the channels alone, so that contrast is seen in it.
    const contrastOf = (of: number[][][]) => mean(of[0]![0]!) - mean(of[7]![7]!);
    const contrast = contrastOf(y) / contrastOf(x);
    const saturation = (y[0]![0]![0]! - y[0]![0]![1]!) / (x[0]![0]![0]! - x[0]![0]![1]!) / contrast;
    return { difference, contrast, saturation };
  });
  for (const [name, low, high] of [
    ['difference', -0.5, 0.5],
    ['contrast', 0.5, 1.5],
    ['saturation', 0, 2],
  ] as const) {
    const values = factors.map((factor) => factor[name]);
    const near = 0.05 * (high - low);
    expect(Math.min(...values)).toBeGreaterThan(low - 1e-2);
    expect(Math.max(...values)).toBeLessThan(high + 1e-2);
    // 300 draws come close to both ends, and their mean to the middle.
    expect(Math.min(...values)).toBeLessThan(low + near);
    expect(Math.max(...values)).toBeGreaterThan(high - near);
    expect(Math.abs(mean(values) - (low + high) / 2)).toBeLessThan(2 * near);
  }
});

test('translation: every shift of up to an eighth of the side, and no other', () => {
  const { seen, real } = shown('translation');
  const shifts = seen.map((image, index) => {
    for (const down of [-1, 0, 1]) {
      for (const right of [-1, 0, 1]) {
        const fits = image.every((row, y) =>
          row.every((pixel, x) => {
            const source = real[index]![y - down]?.[x - right] ?? [0, 0, 0];
            return pixel.every((value, channel) => Math.abs(value - source[channel]!) < 1e-6);
          }),
        );
        if (fits) return `${down} ${right}`;
      }
    }
    return 'none';
  });
  expect(new Set(shifts).size).toBe(9);
  expect(shifts).not.toContain('none');
});

test('cutout: one rectangle of half the sides or less, at the border', () => {
  const { seen, real } = shown('cutout');
  const tops = new Set<number>();
  const lefts = new Set<number>();
  const sizes = seen.map((image, index) => {
    const rows = new Set<number>();
    const columns = new Set<number>();
    let holes = 0;
    image.forEach((row, y) => {
      row.forEach((pixel, x) => {
        if (pixel.every((value) => value === 0)) {
          holes++;
          rows.add(y);
          columns.add(x);
        } else expect(pixel).toEqual(real[index]![y]![x]);
      });
    });
    expect(holes).toBe(rows.size * columns.size);
    tops.add(Math.min(...rows));
    lefts.add(Math.min(...columns));
    return [rows.size, columns.size];
  });
  const heights = new Set(sizes.map(([height]) => height));
  // The middle of the hole lies from row 0 to row 8: at the ends 2 rows above it, or 2 below it, are left.
  expect([...heights].sort()).toEqual([2, 3, 4]);
  expect(Math.max(...sizes.map(([, width]) => width!))).toBe(4);
  for (const starts of [tops, lefts]) expect([...starts].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('outside training nothing is changed, and the default policy changes in training', () => {
  const augmented = diffAugment(judge, { random: new RandomStream(1) });
  const real = images.arraySync();
  show(augmented, images, false);
  expect(judge.seen).toEqual(real);
  show(augmented, images);
  expect(judge.seen).not.toEqual(real);
});

test('the gradient reaches the samples: equal to a central difference under the same changes', () => {
  const size = 4;
  const small = imageJudge(size, size, 1);
  const score = (x: tf.Tensor) => {
    const augmented = diffAugment(small, { random: new RandomStream(9) });
    return augmented.discriminate(x, { training: true }).logits.square().sum() as tf.Scalar;
  };
  const x = new RandomStream(4).uniformTensor([2, size, size, 1], -1, 1);
  const gradient = tf.tidy(() => [...tf.grad(score)(x).dataSync()]);
  const values = x.dataSync();
  const step = 0.05;
  gradient.forEach((slope, index) => {
    const at = (shift: number) =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[index]! += shift;
        return score(tf.tensor(moved, x.shape)).dataSync()[0]!;
      });
    // The score is a polynomial of second degree, for which a central difference is exact.
    expect(Math.abs((at(step) - at(-step)) / (2 * step) - slope)).toBeLessThan(0.02 * Math.max(1, Math.abs(slope)));
  });
  expect(gradient.some((slope) => Math.abs(slope) > 0.1)).toBe(true);
  x.dispose();
  small.dispose();
});

test('saved and restored, it makes the same changes', async () => {
  const make = (): ReturnType<typeof diffAugment> => diffAugment(judge, { random: new RandomStream(1) });
  const [first, second] = [make(), make()];
  show(first, images);
  second.loadState(JSON.parse(JSON.stringify(await first.saveState())));
  show(first, images);
  const whole = judge.seen;
  show(second, images);
  expect(judge.seen).toEqual(whole);
});

test('what is no image and a policy that does not exist are refused', () => {
  const points: Discriminator = linearDiscriminator();
  expect(() => diffAugment(points, { random: new RandomStream(1) })).toThrow(
    'DiffAugment needs images [height, width, channels], but linear-discriminator takes [1]; leave it out for other data.',
  );
  points.dispose();
  expect(() => diffAugment(judge, { random: new RandomStream(1), policy: ['colour' as 'color'] })).toThrow(
    "DiffAugment has no policy 'colour'; choose from color, translation, cutout.",
  );
});
