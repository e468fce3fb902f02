// Metrics of pictures: pyramids, patches, structural similarity.
import { describe, expect, it } from 'vitest';
import type { Images } from './images.ts';
import { laplacianPyramid } from './laplacian-pyramid.ts';
import { msSsim, msSsimDiversity } from './ms-ssim.ts';
import { patchWasserstein } from './patch-wasserstein.ts';
import { agreement, deviation, drawnNumbers, recorded } from './references.fixture.ts';

/** Means of 3 x 3 with wrapped borders, as scipy's uniform_filter makes them in record.py. */
function smooth(seed: number, height: number, width: number): Float64Array {
  const raw = drawnNumbers(seed, height * width);
  return raw.map((_, at) => {
    let sum = 0;
    for (let y = -1; y <= 1; y++) {
      for (let x = -1; x <= 1; x++) {
        const row = (Math.floor(at / width) + y + height) % height;
        sum += raw[row * width + (((at % width) + x + width) % width)]! / 9;
      }
    }
    return sum;
  });
}

/** The three images of two channels of record.py, or a corner of their first channel. */
function pictures(first: number, height = 44, width = 46, channels = 2): Images {
  const values = new Float64Array(3 * height * width * channels);
  for (let image = 0; image < 3; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const plane = smooth(first + 2 * image + channel, 44, 46);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          values[((image * height + y) * width + x) * channels + channel] = plane[y * 46 + x]!;
        }
      }
    }
  }
  return { values, shape: [height, width, channels] };
}

const [a, b] = [pictures(100), pictures(200)];

describe('Laplacian pyramid', () => {
  it('is that of Karras et al. with scipy', () => {
    const planes = laplacianPyramid({ values: drawnNumbers(16, 16 * 24), height: 16, width: 24 }, 3);
    planes.forEach(({ values, height, width }, level) => {
      const some: number[] = [];
      for (let y = 0; y < height; y += 3) for (let x = 0; x < width; x += 3) some.push(values[y * width + x]!);
      some.forEach((value, at) => {
        expect(Math.abs(value - recorded.pyramid[level]![at]!)).toBeLessThan(1e-12);
      });
      expect(some).toHaveLength(recorded.pyramid[level]!.length);
    });
  });
});

describe('MS-SSIM', () => {
  it('is that of torch', () => {
    const near = { ...a, values: a.values.map((value, at) => value + 0.1 * b.values[at]!) };
    const cases = [
      [recorded.msSsim['3 scales'], msSsim(a, b)],
      [recorded.msSsim.near, msSsim(a, near)],
      [recorded.msSsim['1 scale'], msSsim(pictures(100, 20, 20, 1), pictures(200, 20, 20, 1))],
    ] as const;
    for (const [reference, found] of cases) {
      reference.forEach((value, index) => {
        expect(deviation(found[index]!, value)).toBeLessThan(agreement);
      });
    }
  });

  it('is 1 for equal images, flat ones too', () => {
    for (const value of msSsim(a, a)) expect(value).toBeCloseTo(1, 12);
    const flat = { values: new Float32Array(2 * 16 * 16).fill(0.5), shape: [16, 16, 1] };
    expect([...msSsim(flat, flat)]).toEqual([1, 1]);
  });

  it('sees a collapsed generator', () => {
    const one = { ...a, values: Float64Array.from(a.values, (_, at) => a.values[at % (44 * 46 * 2)]!) };
    expect(msSsimDiversity(one)).toBeCloseTo(1, 12);
    expect(msSsimDiversity(a)).toBeLessThan(0.5);
    // All three pairs, whichever way they are drawn.
    const all = msSsimDiversity(a, { pairs: 3 });
    expect(msSsimDiversity(a, { pairs: 2 })).not.toBe(all);
  });

  it('says what is wrong', () => {
    const small = { values: new Float32Array(100), shape: [10, 10, 1] };
    expect(() => msSsim(small, small)).toThrow(/window of 11 x 11, and the first images are 10 x 10/);
    expect(() => msSsim(a, pictures(100, 20, 20, 1))).toThrow(
      /in pairs, not 3 of \[44, 46, 2\] with 3 of \[20, 20, 1\]/,
    );
  });
});

describe('patch Wasserstein distance', () => {
  const side = 32;
  const images = (seed: number, change: (value: number, at: number) => number = (value) => value): Images => ({
    values: drawnNumbers(seed, 12 * side * side).map(change),
    shape: [side, side, 1],
  });

  it('is small for other pictures of the same kind, and finds at which scale others differ', () => {
    const same = patchWasserstein(images(91), images(92), { patchesPerImage: 64, directions: 64 });
    expect(same.levels.map(({ height }) => height)).toEqual([32, 16]);
    // A wave of 16 pixels is a large structure.
    const wavy = images(92, (value, at) => value + Math.sin(((at % side) * Math.PI) / 8));
    const waves = patchWasserstein(images(91), wavy, { patchesPerImage: 64, directions: 64 });
    expect(waves.levels[1]!.distance).toBeGreaterThan(4 * same.levels[1]!.distance);
    expect(waves.levels[0]!.distance).toBeLessThan(2 * same.levels[0]!.distance);
    expect(waves.mean).toBeCloseTo((waves.levels[0]!.distance + waves.levels[1]!.distance) / 2, 12);
  });

  it('is finite for pictures without contrast, and says what is wrong', () => {
    const flat = images(91, () => 0.25);
    expect(patchWasserstein(flat, flat).mean).toBe(0);
    expect(() => patchWasserstein(flat, a)).toThrow(/\[32, 32, 1\] and the generated ones \[44, 46, 2\]/);
    expect(() => patchWasserstein(flat, flat, { levels: 4 })).toThrow(
      /cannot be halved 3 times with room for a patch of 7/,
    );
  });
});
