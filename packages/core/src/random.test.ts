import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomStream } from './random.ts';

const take = <T>(count: number, draw: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => draw(index));

/** xoshiro128** of Blackman and Vigna's C code, in whole numbers without a limit and reduced by hand. */
function bigXoshiro(words: readonly number[]): () => number {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & mask;
  let [a, b, c, d] = words.map(BigInt) as [bigint, bigint, bigint, bigint];
  return () => {
    const result = (rotate((b * 5n) & mask, 7n) * 9n) & mask;
    const shifted = (b << 9n) & mask;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11n);
    return Number(result);
  };
}

describe('the generator', () => {
  test("gives the outputs of the authors' C code for the state 1, 2, 3, 4", () => {
    // Recorded from xoshiro128starstar.c 1.1; the same list is the test vector of Rust's rand_xoshiro.
    const random = new RandomStream(0);
    random.loadState({ words: [1, 2, 3, 4], path: '0' });
    expect(take(10, () => random.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('is xoshiro128** from any state', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(word, word, word, fc.integer({ min: 1, max: 2 ** 32 - 1 }), (a, b, c, d) => {
        const random = new RandomStream(0);
        random.loadState({ words: [a, b, c, d], path: '0' });
        const reference = bigXoshiro([a, b, c, d]);
        expect(take(50, () => random.uint32())).toEqual(take(50, reference));
      }),
    );
  });
});

describe('the seed', () => {
  test('42 gives these numbers for ever, on every machine', () => {
    const random = new RandomStream(42);
    expect(take(3, () => random.uint32())).toEqual([3462176339, 3414671298, 2992733793]);
    const normals = [0.20096531510353088, 0.37594085931777954, 1.0834174156188965];
    for (const [index, value] of random.normals(3).entries()) expect(value).toBeCloseTo(normals[index]!, 6);
  });

  test('decides everything: equal seeds, equal numbers', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()), (seed) => {
        const [one, other] = [new RandomStream(seed), new RandomStream(seed)];
        expect(take(5, () => one.uint32())).toEqual(take(5, () => other.uint32()));
      }),
    );
  });

  test('never leads to the state of four zeros', () => {
    fc.assert(fc.property(fc.string(), (seed) => new RandomStream(seed).saveState().words.some((word) => word !== 0)));
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])('cannot be %d', (seed) => {
    expect(() => new RandomStream(seed)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `A seed must be a finite number or a text, not ${seed}.`,
      }),
    );
  });
});

/** The correlation coefficient of two series. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (p: readonly number[], pMean: number, q: readonly number[], qMean: number) =>
    p.reduce((sum, value, index) => sum + (value - pMean) * (q[index]! - qMean), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

describe('a fork', () => {
  test('depends on the seed and the name, not on what was drawn before', () => {
    const [fresh, used] = [new RandomStream(7), new RandomStream(7)];
    used.normals(11);
    expect(used.fork('latent').saveState()).toEqual(fresh.fork('latent').saveState());
  });

  test('leaves its parent where it was', () => {
    const parent = new RandomStream(7);
    const before = parent.saveState();
    parent.fork('latent').normals(10);
    expect(parent.saveState()).toEqual(before);
  });

  test('has another stream for another name, another seed and another depth', () => {
    const root = new RandomStream(1);
    const streams = [root, root.fork('a'), root.fork('b'), root.fork('a').fork('a'), new RandomStream(2).fork('a')];
    expect(new Set(streams.map((stream) => stream.uint32())).size).toBe(streams.length);
  });

  test('is one of many: a hundred thousand names, a hundred thousand streams', () => {
    const root = new RandomStream(1);
    const count = 100_000;
    const states = new Set(take(count, String).map((name) => root.fork(name).saveState().words.join()));
    expect(states.size).toBe(count);
  });

  test('is independent of its parent and of its neighbours', () => {
    const count = 20_000;
    const root = new RandomStream(5);
    const series = [root.fork('step-1'), root.fork('step-2'), root].map((stream) =>
      take(count, () => stream.uniform()),
    );
    const firstDraws = take(count, String).map((name) => root.fork(name).uniform());
    const pairs: [number[], number[]][] = [
      [series[0]!, series[1]!],
      [series[0]!, series[2]!],
      [firstDraws.slice(1), firstDraws.slice(0, -1)],
    ];
    // Five standard errors of the correlation of independent draws.
    for (const [a, b] of pairs) expect(Math.abs(correlation(a, b))).toBeLessThan(5 / Math.sqrt(count));
  });
});

describe('distributions', () => {
  const seeds = fc.integer();
  const count = 20_000;

  test('uniform draws lie in [0, 1) and fill 20 equal bins evenly', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = new RandomStream(seed);
        const bins = new Array<number>(20).fill(0);
        for (let draw = 0; draw < count; draw++) {
          const value = random.uniform();
          expect(value >= 0 && value < 1).toBe(true);
          bins[Math.floor(value * bins.length)]!++;
        }
        const expected = count / bins.length;
        const chiSquared = bins.reduce((sum, bin) => sum + (bin - expected) ** 2 / expected, 0);
        // Chi-squared with 19 degrees of freedom exceeds 60 once in 200,000 draws of a seed.
        expect(chiSquared).toBeLessThan(60);
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  test('the lowest and the highest 32 bits become the ends of the range', () => {
    const random = new RandomStream(0);
    // The output depends on the second word alone: it is 0 for 0, and 2^32 - 1 for this one.
    random.loadState({ words: [1, 0, 0, 0], path: '0' });
    expect(random.uniform()).toBe(0);
    random.loadState({ words: [1, 0x831c71c7, 0, 0], path: '0' });
    expect(random.uniform()).toBe((2 ** 32 - 1) / 2 ** 32);
  });

  test('normal draws have the moments and the tails of N(0, 1)', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const values = Array.from(new RandomStream(seed).normals(count));
        const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
        // Five standard errors: the variances of x, x^2, x^3 and x^4 are 1, 2, 15 and 96.
        const bound = (variance: number) => 5 * Math.sqrt(variance / count);
        expect(Math.abs(moment(1))).toBeLessThan(bound(1));
        expect(Math.abs(moment(2) - 1)).toBeLessThan(bound(2));
        expect(Math.abs(moment(3))).toBeLessThan(bound(15));
        expect(Math.abs(moment(4) - 3)).toBeLessThan(bound(96));
        const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / count;
        expect(Math.abs(beyond - 0.05)).toBeLessThan(bound(0.05 * 0.95));
        // The two draws of a pair.
        const [even, odd] = [0, 1].map((parity) => values.filter((_, index) => index % 2 === parity));
        expect(Math.abs(correlation(even!, odd!))).toBeLessThan(5 / Math.sqrt(count / 2));
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  test('one normal draw is the first of a pair', () => {
    expect(Math.fround(new RandomStream(3).normal())).toBe(new RandomStream(3).normals(1)[0]);
  });

  test('normals gives as many as asked, also an odd number and none', () => {
    for (const length of [0, 1, 2, 3, 7]) expect(new RandomStream(3).normals(length)).toHaveLength(length);
    const [odd, even] = [new RandomStream(3).normals(5), new RandomStream(3).normals(6)];
    expect(Array.from(odd)).toEqual(Array.from(even.subarray(0, 5)));
  });
});

describe('integer', () => {
  test('gives whole numbers below the bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const value = new RandomStream(seed).integer(bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
  });

  test('throws away what would make low numbers likelier', () => {
    // With bound 3 * 2^30 the draws from 3 * 2^30 on must be drawn again: without that, a third would come out twice as often.
    const bound = 3 * 2 ** 30;
    const random = new RandomStream(11);
    const count = 30_000;
    const low = take(count, () => random.integer(bound)).filter((value) => value < 2 ** 30).length / count;
    expect(Math.abs(low - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / count));
  });

  test.each([[0], [-1], [1.5], [Number.NaN], [2 ** 32 + 1]])('refuses the bound %d', (bound) => {
    expect(() => new RandomStream(1).integer(bound)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `integer(bound) needs a whole bound from 1 to 2^32, not ${bound}.`,
      }),
    );
  });
});

describe('permutation', () => {
  test('holds every number once', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 300 }), (seed, count) => {
        const order = new RandomStream(seed).permutation(count);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(take(count, (index) => index));
      }),
    );
  });

  test('gives each of the 24 orders of four equally often', () => {
    const random = new RandomStream(8);
    const count = 24_000;
    const seen = new Map<string, number>();
    for (let draw = 0; draw < count; draw++) {
      const order = random.permutation(4).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquared = [...seen.values()].reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0);
    // 23 degrees of freedom; the seed is fixed.
    expect(chiSquared).toBeLessThan(60);
  });
});

describe('tensors', () => {
  test('of normal draws have mean and deviation as asked, and are the same numbers as normals()', () => {
    const tensor = new RandomStream(4).normalTensor([2, 3], 10, 0.5);
    expect(tensor.shape).toEqual([2, 3]);
    expect(tensor.dtype).toBe('float32');
    const expected = Array.from(new RandomStream(4).normals(6), (value) => Math.fround(10 + 0.5 * value));
    expect(Array.from(tensor.dataSync())).toEqual(expected);
    tensor.dispose();
  });

  test('of uniform draws lie in their range, and are the same numbers as uniform()', () => {
    const tensor = new RandomStream(4).uniformTensor([100], -1, 1);
    const random = new RandomStream(4);
    expect(Array.from(tensor.dataSync())).toEqual(take(100, () => Math.fround(-1 + 2 * random.uniform())));
    tensor.dispose();
  });

  test('belong to the caller', () => {
    const before = tf.memory().numTensors;
    const made = [new RandomStream(1).normalTensor([4]), new RandomStream(1).uniformTensor([4])];
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose(made);
  });
});

describe('the state', () => {
  /** Draws of every kind, in any order. */
  const draws = fc.array(fc.constantFrom('uint32', 'uniform', 'normal', 'normals', 'integer', 'permutation'), {
    maxLength: 20,
  });
  function draw(random: RandomStream, kind: string): unknown {
    if (kind === 'normals') return Array.from(random.normals(3));
    if (kind === 'integer') return random.integer(1000);
    if (kind === 'permutation') return Array.from(random.permutation(5));
    return kind === 'uint32' ? random.uint32() : kind === 'uniform' ? random.uniform() : random.normal();
  }

  test('resumes with the same numbers and the same forks, also through JSON', () => {
    fc.assert(
      fc.property(fc.integer(), draws, draws, (seed, before, after) => {
        const random = new RandomStream(seed).fork('part');
        for (const kind of before) draw(random, kind);
        const resumed = new RandomStream('another');
        resumed.loadState(JSON.parse(JSON.stringify(random.saveState())));
        expect(after.map((kind) => draw(resumed, kind))).toEqual(after.map((kind) => draw(random, kind)));
        expect(resumed.fork('x').saveState()).toEqual(random.fork('x').saveState());
      }),
    );
  });

  test('is a snapshot: drawing on does not change it, and what was loaded stays as it was', () => {
    const random = new RandomStream(1);
    const state = random.saveState();
    const copy = structuredClone(state);
    random.uint32();
    random.loadState(state);
    random.uint32();
    expect(state).toEqual(copy);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no path', { words: [1, 2, 3, 4] }],
    ['no words', { path: '1' }],
    ['three words', { words: [1, 2, 3], path: '1' }],
    ['five words', { words: [1, 2, 3, 4, 5], path: '1' }],
    ['four zeros', { words: [0, 0, 0, 0], path: '1' }],
    ['a word below 0', { words: [-1, 2, 3, 4], path: '1' }],
    ['a word of 33 bits', { words: [2 ** 32, 2, 3, 4], path: '1' }],
    ['a fraction', { words: [0.5, 2, 3, 4], path: '1' }],
    ['text', { words: ['1', 2, 3, 4], path: '1' }],
  ])('cannot be %s, and the stream stays as it was', (_, state) => {
    const random = new RandomStream(1);
    const before = random.saveState();
    expect(() => random.loadState(state as never)).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: 'The saved state of a random stream is damaged.',
        value: state,
      }),
    );
    expect(random.saveState()).toEqual(before);
  });
});
