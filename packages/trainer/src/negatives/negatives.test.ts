import { type Condition, type Negatives, type NegativesContext, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linearDiscriminator, linearGenerator } from '../linear-players.fixture.ts';
import { annealedNoise } from './annealed-noise.ts';
import { currentGenerator } from './current-generator.ts';
import { withInstanceNoise } from './instance-noise.ts';
import { mixedNegatives } from './mixed-negatives.ts';
import { pureNoise } from './pure-noise.ts';
import { replayBuffer } from './replay-buffer.ts';

let tensors = 0;
let generator: ReturnType<typeof linearGenerator>;
beforeEach(() => {
  tensors = tf.memory().numTensors;
  const linear = linearGenerator(1, 0);
  generator = { ...linear, generate: (latent, options) => tf.tidy(() => linear.generate(latent, options)) };
});
afterEach(() => {
  generator.dispose();
  expect(tf.memory().numTensors).toBe(tensors);
});

interface Draw {
  readonly step?: number;
  readonly real?: readonly number[];
  readonly latent?: readonly number[];
  readonly labels?: readonly number[];
  readonly random?: RandomStream;
}

/** One batch of negatives as numbers; G(z) = z, so that a sample tells which latent it came from. */
function draw(negatives: Negatives, { step = 0, real = [5, 6, 7], latent = [1, 2, 3], labels, random }: Draw = {}) {
  const condition = labels && { labels: tf.tensor1d([...labels], 'int32') };
  const context: NegativesContext = {
    step,
    generator,
    real: tf.tensor2d(real.map((value) => [value])),
    latent: tf.tensor2d(latent.map((value) => [value])),
    random: random ?? new RandomStream(1),
    ...(condition && { condition }),
  };
  const made = negatives.sample(context);
  expect(made.samples.shape).toEqual([real.length, 1]);
  const numbers = {
    samples: [...made.samples.dataSync()],
    labels: made.condition?.labels && [...made.condition.labels.dataSync()],
    fromLatent: made.fromLatent,
  };
  const told = made.condition === context.condition ? [] : Object.values((made.condition ?? {}) as object);
  tf.dispose([context.real, context.latent, ...(condition ? [condition.labels] : []), made.samples, ...told]);
  return numbers;
}

test('the current generator answers the latents, and is told the step', () => {
  const told: unknown[] = [];
  const spied = {
    ...generator,
    generate: (...[latent, options]: Parameters<typeof generator.generate>) => {
      told.push(options);
      return generator.generate(latent, options);
    },
  };
  const context = {
    step: 7,
    generator: spied,
    real: tf.zeros([1, 1]),
    latent: tf.ones([1, 1]),
    random: new RandomStream(1),
  };
  tf.dispose([currentGenerator.sample(context).samples, context.real, context.latent]);
  expect(told).toEqual([{ training: true, updateState: false, step: 7 }]);
  expect(draw(currentGenerator)).toEqual({ samples: [1, 2, 3], labels: undefined, fromLatent: true });
});

test('pure noise has the range that it says', () => {
  const many = { real: Array.from({ length: 4000 }, () => 9) };
  const uniform = draw(pureNoise(), many).samples;
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(uniform.reduce((sum, value) => sum + value * value, 0) / 4000).toBeCloseTo(1 / 3, 1);
  const normal = draw(pureNoise({ distribution: 'normal', standardDeviation: 3 }), many).samples;
  expect(normal.reduce((sum, value) => sum + value * value, 0) / 4000).toBeGreaterThan(8);
  expect(normal.reduce((sum, value) => sum + value * value, 0) / 4000).toBeLessThan(10);
  expect(() => pureNoise({ distribution: 'normal', standardDeviation: 0 })).toThrow('standardDeviation');
  expect(() => pureNoise({ standardDeviation: 0.1 })).toThrow("add distribution: 'normal', or leave it out");
});

describe('annealedNoise', () => {
  test('is g G(z) + (1 - g) (t x + (1 - t) n)', () => {
    const real = [5, 6, 7];
    const noise = draw(pureNoise(), { real }).samples;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), (tenthsOfReal, tenthsOfFake) => {
        const [t, g] = [tenthsOfReal / 10, tenthsOfFake / 10];
        const { samples, fromLatent } = draw(annealedNoise({ realShare: t, generatorShare: g }), {
          real,
          latent: [1, 2, 3],
        });
        expect(fromLatent).toBe(false);
        samples.forEach((sample, i) => {
          expect(sample).toBeCloseTo(g * (i + 1) + (1 - g) * (t * real[i]! + (1 - t) * noise[i]!), 5);
        });
      }),
    );
  });

  test('shares follow the step, and a generator without a share is not evaluated', () => {
    const silent = {
      ...generator,
      generate: () => {
        throw new Error('the generator was asked');
      },
    };
    const negatives = annealedNoise({ realShare: (step) => step / 10 });
    const context = {
      step: 10,
      generator: silent,
      real: tf.ones([2, 1]),
      latent: tf.ones([2, 1]),
      random: new RandomStream(1),
    };
    const { samples } = negatives.sample(context);
    expect([...samples.dataSync()]).toEqual([1, 1]);
    expect(() => negatives.sample({ ...context, step: 11 })).toThrow('realShare must be a number from 0 to 1, not 1.1');
    expect(() => annealedNoise({ realShare: 0.5, generatorShare: -1 })).toThrow('generatorShare');
    tf.dispose([samples, context.real, context.latent]);
  });
});

describe('replayBuffer', () => {
  test('fills up with what it passes on', () => {
    const buffer = replayBuffer({ capacity: 6 });
    expect(draw(buffer, { latent: [1, 2, 3] })).toMatchObject({ samples: [1, 2, 3], fromLatent: false });
    expect(draw(buffer, { latent: [4, 5, 6] }).samples).toEqual([4, 5, 6]);
    buffer.dispose();
  });

  test('with a share of 0 it passes everything on, with 1 only what was there', () => {
    for (const share of [0, 1]) {
      const buffer = replayBuffer({ capacity: 3, share });
      draw(buffer, { latent: [1, 2, 3] });
      const { samples } = draw(buffer, { latent: [4, 5, 6] });
      if (share === 0) expect(samples).toEqual([4, 5, 6]);
      else expect(samples[0]).toBeLessThanOrEqual(3);
      buffer.dispose();
    }
  });

  test('no sample is lost or doubled: what comes out and what stays is what went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 1e6 }), async (capacity, seed) => {
        const buffer = replayBuffer({ capacity, share: 1 });
        const random = new RandomStream(seed);
        const given: number[] = [];
        const taken: number[] = [];
        for (let step = 0; step < 6; step++) {
          const latent = [0, 1, 2].map((row) => 3 * step + row);
          const before = given.length;
          given.push(...latent);
          // While it fills up, a sample is in the history and a negative at once.
          taken.push(...draw(buffer, { latent, random }).samples.slice(Math.max(0, capacity - before)));
        }
        const { tensors: saved } = await buffer.saveState();
        const kept = [...saved!['samples']!.data];
        expect([...taken, ...kept].sort((a, b) => a - b)).toEqual(given);
        buffer.dispose();
      }),
      { numRuns: 30 },
    );
  });

  test('half of a full batch is of the past, whatever the seed says in the single case', () => {
    const buffer = replayBuffer({ capacity: 1000 });
    const batch = (start: number) => Array.from({ length: 1000 }, (_, row) => start + row);
    const real = batch(0);
    draw(buffer, { real, latent: batch(0) });
    const past = draw(buffer, { real, latent: batch(1000) }).samples.filter((value) => value < 1000).length;
    // The standard deviation of the binomial is 16; some of what is exchanged is of the same batch.
    expect(past).toBeGreaterThan(300);
    expect(past).toBeLessThan(550);
    buffer.dispose();
  });

  test('each sample keeps its label', () => {
    const buffer = replayBuffer({ capacity: 4, share: 0.7 });
    const random = new RandomStream(3);
    for (let step = 0; step < 8; step++) {
      const latent = [0, 1, 2].map((row) => 3 * step + row);
      const { samples, labels } = draw(buffer, { latent, labels: latent.map((value) => 100 + value), random });
      expect(labels).toEqual(samples.map((value) => 100 + value));
    }
    expect(() => tf.tidy(() => void draw(buffer))).toThrow(
      'replay-buffer cannot join samples with labels and samples with nothing to tell; give all of them the same kind',
    );
    buffer.dispose();
  });

  test('saved and restored, it goes on as if nothing had happened', async () => {
    const play = (buffer: Negatives, random: RandomStream, from: number, to: number) => {
      const drawn: unknown[] = [];
      for (let step = from; step < to; step++) {
        const latent = [0, 1, 2].map((row) => 3 * step + row + 0.1);
        drawn.push(draw(buffer, { latent, labels: [step, step, step + 1], random }));
      }
      return drawn;
    };
    const options = { capacity: 5, share: 0.6 };
    const unbroken = replayBuffer(options);
    const whole = play(unbroken, new RandomStream(8), 0, 9);
    const first = replayBuffer(options);
    const random = new RandomStream(8);
    const parts = play(first, random, 0, 4);
    const second = replayBuffer(options);
    const state = await first.saveState();
    second.loadState(state);
    parts.push(...play(second, random, 4, 9));
    expect(parts).toEqual(whole);
    expect(() => replayBuffer({ capacity: 4 }).loadState(state)).toThrow(
      'The saved replay buffer holds 5 samples, this one has room for 4',
    );
    second.loadState({});
    expect(await second.saveState()).toEqual({ tensors: {} });
    for (const buffer of [unbroken, first, second]) buffer.dispose();
  });

  test('options that make no sense are refused', () => {
    expect(() => replayBuffer({ capacity: 0 })).toThrow('capacity');
    expect(() => replayBuffer({ share: 1.5 })).toThrow('share');
  });
});

describe('mixedNegatives', () => {
  const constant = (name: string, value: number, condition?: () => Condition): Negatives => ({
    name,
    sample: ({ real }) => ({
      samples: tf.fill(real.shape, value),
      fromLatent: false,
      ...(condition && { condition: condition() }),
    }),
  });
  const real = Array.from({ length: 2000 }, () => 0);

  test('each row comes from one source, in proportion to the shares', () => {
    const mixture = mixedNegatives([
      { negatives: constant('ones', 1), share: 1 },
      { negatives: constant('twos', 2), share: 3 },
      { negatives: constant('nines', 9), share: (step) => step },
    ]);
    const { samples } = draw(mixture, { real, latent: real });
    expect(new Set(samples)).toEqual(new Set([1, 2]));
    // The standard deviation of the binomial is 19.
    expect(samples.filter((value) => value === 1).length).toBeGreaterThan(420);
    expect(samples.filter((value) => value === 1).length).toBeLessThan(580);
    expect(draw(mixture, { real, latent: real, step: 1 }).samples).toContain(9);
  });

  test('a row stays in its place', () => {
    const mixture = mixedNegatives([
      { negatives: currentGenerator, share: 1 },
      { negatives: annealedNoise({ realShare: 1 }), share: 1 },
    ]);
    const { samples } = draw(mixture, { real: [10, 20, 30, 40], latent: [1, 2, 3, 4] });
    samples.forEach((value, row) => {
      expect([row + 1, 10 * (row + 1)]).toContain(value);
    });
  });

  test('labels of the past stay with their rows, and the others keep those of the context', () => {
    const past = () => ({ labels: tf.tensor1d([7, 8, 9], 'int32') });
    const mixture = mixedNegatives([
      { negatives: constant('past', 5, past), share: 1 },
      { negatives: currentGenerator, share: 1 },
    ]);
    const random = new RandomStream(2);
    for (let step = 0; step < 5; step++) {
      const { samples, labels } = draw(mixture, { labels: [1, 2, 3], random });
      samples.forEach((value, row) => {
        expect(labels![row]).toBe(value === 5 ? 7 + row : 1 + row);
      });
    }
  });

  test('saved and restored with its sources, it goes on as if nothing had happened', async () => {
    const make = () =>
      mixedNegatives([
        { negatives: replayBuffer({ capacity: 4 }), share: 1 },
        { negatives: currentGenerator, share: 1 },
      ]);
    const [unbroken, first, second] = [make(), make(), make()];
    const play = (negatives: Negatives, random: RandomStream, from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => {
        const start = 3 * (from + index);
        return draw(negatives, { latent: [start, start + 1, start + 2], random });
      });
    const whole = play(unbroken, new RandomStream(4), 0, 8);
    const random = new RandomStream(4);
    const parts = play(first, random, 0, 5);
    second.loadState(await first.saveState());
    parts.push(...play(second, random, 5, 8));
    expect(parts).toEqual(whole);
    for (const mixture of [unbroken, first, second]) mixture.dispose();
  });

  test('shares that make no sense are refused', () => {
    expect(() => mixedNegatives([])).toThrow('at least one source');
    expect(() => mixedNegatives([{ negatives: currentGenerator, share: 0 }])).toThrow('at step 0 all of 1 are 0');
    const late = mixedNegatives([{ negatives: currentGenerator, share: (step) => -step }]);
    expect(() =>
      tf.tidy(
        () =>
          late.sample({
            step: 1,
            generator,
            real: tf.ones([1, 1]),
            latent: tf.ones([1, 1]),
            random: new RandomStream(1),
          }).samples,
      ),
    ).toThrow("The share of 'current-generator'");
  });
});

describe('withInstanceNoise', () => {
  const logits = (discriminator: ReturnType<typeof withInstanceNoise>, options: { training: boolean; step?: number }) =>
    tf.tidy(() => [...discriminator.discriminate(tf.zeros([500, 1]), options).logits.dataSync()]);
  const spread = (values: readonly number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

  test('adds noise in training only, as much as the step says', () => {
    const random = new RandomStream(1);
    const noisy = withInstanceNoise(linearDiscriminator(1, 0), { random, standardDeviation: (step) => 2 - step });
    expect(spread(logits(noisy, { training: true }))).toBeGreaterThan(1.8);
    expect(spread(logits(noisy, { training: true }))).toBeLessThan(2.2);
    expect(spread(logits(noisy, { training: true, step: 1 }))).toBeLessThan(1.1);
    expect(spread(logits(noisy, { training: true, step: 2 }))).toBe(0);
    expect(spread(logits(noisy, { training: false }))).toBe(0);
    expect(() => logits(noisy, { training: true, step: 3 })).toThrow('standardDeviation');
    expect(() => withInstanceNoise(noisy, { random, standardDeviation: -1 })).toThrow('standardDeviation');
    expect(noisy).toMatchObject({ name: 'linear-discriminator', inputShape: [1], heads: [], verdict: 'logit' });
    noisy.dispose();
  });

  test('the gradient passes through to the samples and the weights', () => {
    const noisy = withInstanceNoise(linearDiscriminator(3, 0), { random: new RandomStream(1), standardDeviation: 1 });
    const samples = tf.ones([2, 1]);
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => noisy.discriminate(x, { training: true }).logits.sum())(samples)
        .dataSync(),
    );
    expect([...gradient]).toEqual([3, 3]);
    samples.dispose();
    noisy.dispose();
  });

  test('saved and restored, with the state of what it wraps, it draws the same noise', async () => {
    const make = () => {
      const inner = withInstanceNoise(linearDiscriminator(1, 0), { random: new RandomStream(1), standardDeviation: 1 });
      return withInstanceNoise(inner, { random: new RandomStream(2), standardDeviation: 1 });
    };
    const [first, second] = [make(), make()];
    logits(first, { training: true });
    second.loadState(JSON.parse(JSON.stringify(await first.saveState())));
    expect(logits(second, { training: true })).toEqual(logits(first, { training: true }));
    first.dispose();
    second.dispose();
  });
});
