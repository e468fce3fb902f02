import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ColorChange, changeColors } from './color.ts';
import { cutOut } from './cut-out.ts';
import { type Border, type Placement, place } from './placement.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

type Grid = readonly (readonly number[])[];

/** Places one image of one channel. */
function placed(image: Grid, placement: Placement, border: Border = 'zero'): number[][] {
  const [height, width] = [image.length, image[0]!.length];
  return tf.tidy(() => {
    const result = place(tf.tensor4d(image.flat(), [1, height, width, 1]), [placement], border);
    expect(result.shape).toEqual([1, height, width, 1]);
    return result.reshape([height, width]).arraySync() as number[][];
  });
}

describe('place', () => {
  const letter: Grid = [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ];

  test('flips, turns and shifts move whole pixels', () => {
    expect(placed(letter, {})).toEqual(letter);
    expect(placed(letter, { flipped: true })).toEqual([
      [3, 2, 1],
      [6, 5, 4],
      [9, 8, 7],
    ]);
    expect(placed(letter, { quarterTurns: 1 })).toEqual([
      [3, 6, 9],
      [2, 5, 8],
      [1, 4, 7],
    ]);
    expect(placed(letter, { down: 1, right: -1 })).toEqual([
      [0, 0, 0],
      [2, 3, 0],
      [5, 6, 0],
    ]);
    expect(placed(letter, { down: -1, right: 2 }, 'mirror')).toEqual([
      [6, 5, 4],
      [9, 8, 7],
      [6, 5, 4],
    ]);
  });

  test('a flip and turns are the same as one after another', () => {
    const turn = (image: Grid) => placed(image, { quarterTurns: 1 });
    for (const flipped of [false, true]) {
      let expected: Grid = placed(letter, { flipped });
      for (let quarterTurns = 0; quarterTurns < 4; quarterTurns++) {
        expect(placed(letter, { flipped, quarterTurns })).toEqual(expected);
        expected = turn(expected);
      }
    }
  });

  test('images that are not square turn by 180 degrees only', () => {
    const wide: Grid = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(placed(wide, { quarterTurns: 2, flipped: true })).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(() => placed(wide, { quarterTurns: 1 })).toThrow('not images of [2, 3]; turn by 180');
  });

  test('scaling interpolates linearly about the centre', () => {
    const ramp: Grid = [0, 1, 2, 3, 4].map((row) => [0, 1, 2, 3, 4].map((column) => 10 * row + column));
    placed(ramp, { scale: 1.25 }).forEach((values, row) => {
      values.forEach((value, column) => {
        expect(value).toBeCloseTo(10 * (2 + (row - 2) / 1.25) + 2 + (column - 2) / 1.25, 4);
      });
    });
    // Half the size: row 0 comes from -2, which mirrors row 2.
    expect(placed(ramp, { scale: 0.5 }, 'mirror')[0]).toEqual([22, 20, 22, 24, 22]);
    expect(placed(ramp, { scale: 0.5 })[1]).toEqual([0, 0, 2, 4, 0]);
  });

  test('of a batch each image goes its own way, with all of its channels', () => {
    const random = new RandomStream(2);
    const images = random.normalTensor([3, 4, 4, 2]) as tf.Tensor4D;
    const placements: Placement[] = [{ quarterTurns: 3 }, { down: 1 }, { flipped: true, quarterTurns: 1 }];
    const together = tf.tidy(() => place(images, placements, 'mirror').arraySync());
    placements.forEach((placement, index) => {
      for (const channel of [0, 1]) {
        const alone = tf.tidy(() => images.slice([index, 0, 0, channel], [1, 4, 4, 1]).reshape([4, 4]).arraySync());
        expect(together[index]!.map((row) => row.map((pixel) => pixel[channel]))).toEqual(
          placed(alone as Grid, placement, 'mirror'),
        );
      }
    });
    images.dispose();
  });

  test('the gradient is the transposed map: <place(x), y> = <x, gradient>', () => {
    fc.assert(
      fc.property(
        fc.record({
          flipped: fc.boolean(),
          quarterTurns: fc.integer({ min: 0, max: 3 }),
          down: fc.integer({ min: -3, max: 3 }),
          right: fc.integer({ min: -3, max: 3 }),
          scale: fc.double({ min: 0.5, max: 2, noNaN: true }),
        }),
        fc.constantFrom<Border>('zero', 'mirror'),
        fc.integer(),
        (placement, border, seed) => {
          const random = new RandomStream(seed);
          const [direct, adjoint] = tf.tidy(() => {
            const x = random.normalTensor([1, 5, 5, 2]) as tf.Tensor4D;
            const y = random.normalTensor([1, 5, 5, 2]);
            const gradient = tf.grad((input) =>
              place(input as tf.Tensor4D, [placement], border)
                .mul(y)
                .sum(),
            )(x);
            const inner = place(x, [placement], border).mul(y).sum();
            return [inner.dataSync()[0]!, gradient.mul(x).sum().dataSync()[0]!];
          });
          expect(adjoint).toBeCloseTo(direct!, 3);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('changeColors', () => {
  type Matrix = readonly (readonly number[])[];
  const product = (a: Matrix, b: Matrix) =>
    a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)));
  const diagonal = (...values: number[]) => values.map((value, row) => values.map((_, at) => (at === row ? value : 0)));
  /** v v^T of the grey axis in homogeneous coordinates. */
  const grey: Matrix = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row < 3 && column < 3 ? 1 / 3 : 0)));
  const combine = (a: Matrix, b: Matrix, factor: number) =>
    a.map((row, i) => row.map((value, j) => value + factor * b[i]![j]!));

  test('is the product of the four homogeneous matrices of the paper', () => {
    const numbers = fc.double({ min: -1, max: 2, noNaN: true });
    fc.assert(
      fc.property(numbers, numbers, fc.boolean(), numbers, (brightness, contrast, lumaFlipped, saturation) => {
        const identity = diagonal(1, 1, 1, 1);
        const translate = identity.map((row, index) => (index < 3 ? [...row.slice(0, 3), brightness] : row));
        let matrix: Matrix = translate;
        matrix = product(diagonal(contrast, contrast, contrast, 1), matrix);
        if (lumaFlipped) matrix = product(combine(identity, grey, -2), matrix);
        // Saturation leaves the homogeneous coordinate alone.
        const across = combine(identity, grey, -1).map((row, i) => row.map((v) => (i < 3 ? v * saturation : v)));
        matrix = product(combine(across, grey, 1), matrix);
        const color = [0.3, -0.7, 0.9];
        const expected = matrix.slice(0, 3).map((row) => row.reduce((sum, v, k) => sum + v * [...color, 1][k]!, 0));
        const change: ColorChange = { brightness, contrast, lumaFlipped, saturation };
        const changed = tf.tidy(() => [...changeColors(tf.tensor4d(color, [1, 1, 1, 3]), [change]).dataSync()]);
        changed.forEach((value, channel) => {
          expect(value).toBeCloseTo(expected[channel]!, 4);
        });
        // A grey image behaves as the grey axis does.
        const one = tf.tidy(() => changeColors(tf.tensor4d([0.3], [1, 1, 1, 1]), [change]).dataSync()[0]!);
        expect(one).toBeCloseTo((lumaFlipped ? -1 : 1) * contrast * (0.3 + brightness), 4);
      }),
    );
  });

  test('of a batch each image has its own colours', () => {
    const changed = tf.tidy(() => [
      ...changeColors(tf.ones([2, 1, 2, 1]) as tf.Tensor4D, [{ contrast: 3 }, { brightness: 1 }]).dataSync(),
    ]);
    expect(changed).toEqual([3, 3, 2, 2]);
    expect(() => tf.tidy(() => changeColors(tf.ones([1, 2, 2, 4]) as tf.Tensor4D, [{}]))).toThrow('1 or 3 channels');
  });
});

test('a rectangle is cut out of each image, as far as it lies inside', () => {
  const cut = tf.tidy(() =>
    cutOut(tf.ones([3, 3, 3, 1]) as tf.Tensor4D, [
      { top: -5, left: 1, bottom: 2, right: 9 },
      { top: 2, left: -1, bottom: 3, right: 1 },
      { top: 1, left: -4, bottom: 3, right: -2 },
    ]).dataSync(),
  );
  expect([...cut]).toEqual([1, 0, 0, 1, 0, 0, 1, 1, 1, ...[1, 1, 1, 1, 1, 1, 0, 1, 1], ...Array(9).fill(1)]);
});
