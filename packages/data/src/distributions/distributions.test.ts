import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { gridOfGaussians } from './grid-of-gaussians.ts';
import { type PointDistribution, pointDistribution } from './point-distribution.ts';
import { ringOfGaussians } from './ring-of-gaussians.ts';
import { swissRoll } from './swiss-roll.ts';
import { twoMoons } from './two-moons.ts';

const all = [ringOfGaussians(), gridOfGaussians(), swissRoll(), twoMoons()];
const count = 20_000;

/** Points in the distribution's own units. */
function points(distribution: PointDistribution, seed = 1): (readonly [number, number])[] {
  const values = distribution.draw(count, new RandomStream(seed));
  return Array.from({ length: count }, (_, index) => {
    return [values[2 * index]! * distribution.scale, values[2 * index + 1]! * distribution.scale] as const;
  });
}

test.each(all)('$name lies in [-1, 1] and comes again with the same seed', (distribution) => {
  const values = distribution.draw(count, new RandomStream(5));
  expect(values.every((value) => Math.abs(value) <= 1)).toBe(true);
  expect(distribution.draw(count, new RandomStream(5))).toEqual(values);
  expect(distribution.draw(count, new RandomStream(6))).not.toEqual(values);
});

test.each(all)('$name is centred on the origin', (distribution) => {
  const drawn = points(distribution);
  const spread = distribution.scale;
  // The spiral is not symmetric, the others are.
  const tolerance = (distribution.name === 'swiss-roll' ? 0.2 : 0.02) * spread;
  for (const axis of [0, 1] as const) {
    const mean = drawn.reduce((sum, point) => sum + point[axis], 0) / count;
    expect(Math.abs(mean)).toBeLessThan(tolerance);
  }
});

test.each([
  [ringOfGaussians(), 8, 0.01],
  [gridOfGaussians(), 25, 0.05],
] as const)('%o has equally likely round modes of the given standard deviation', (distribution, modes, deviation) => {
  expect(distribution.modes).toHaveLength(modes);
  const counts = new Array<number>(modes).fill(0);
  let squares = 0;
  for (const [x, y] of points(distribution)) {
    const distances = distribution.modes!.map(([modeX, modeY]) => (x - modeX) ** 2 + (y - modeY) ** 2);
    const nearest = distances.indexOf(Math.min(...distances));
    counts[nearest]!++;
    squares += distances[nearest]!;
  }
  // Five standard errors of a multinomial share and of a chi-square variance.
  const expected = count / modes;
  for (const found of counts) expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected));
  expect(Math.abs(squares / (2 * count) / deviation ** 2 - 1)).toBeLessThan(5 / Math.sqrt(count));
});

test('the ring has radius 1 and the grid spans -4 to 4', () => {
  for (const [x, y] of ringOfGaussians().modes!) expect(Math.hypot(x, y)).toBeCloseTo(1, 12);
  const coordinates = new Set(gridOfGaussians().modes!.flat());
  expect([...coordinates].sort((a, b) => a - b)).toEqual([-4, -2, 0, 2, 4]);
});

test('without noise the swiss roll is the spiral r = angle', () => {
  for (const [x, y] of points(swissRoll({ noise: 0 }))) {
    const radius = Math.hypot(x, y);
    expect(radius).toBeGreaterThan(1.5 * Math.PI - 1e-3);
    expect(radius).toBeLessThan(4.5 * Math.PI + 1e-3);
    const turns = (radius - Math.atan2(y, x)) / (2 * Math.PI);
    expect(Math.abs(turns - Math.round(turns))).toBeLessThan(1e-4);
  }
});

test('without noise every point of the moons is on its own half circle', () => {
  const moons = twoMoons({ noise: 0 });
  for (const [x, y] of points(moons)) {
    const upper = Math.abs(Math.hypot(x + 0.5, y + 0.25) - 1) < 1e-5 && y >= -0.25 - 1e-6;
    const lower = Math.abs(Math.hypot(x - 0.5, y - 0.25) - 1) < 1e-5 && y <= 0.25 + 1e-6;
    expect(upper || lower).toBe(true);
  }
});

test('a stream of points resumes exactly and leaks nothing', async () => {
  const tensors = tf.memory().numTensors;
  const stream = gridOfGaussians().batches({ batchSize: 16, random: new RandomStream(2) });
  const read = async (from: typeof stream) => {
    const { value } = await from.next();
    const values = await value.data.data();
    expect(value.data.shape).toEqual([16, 2]);
    tf.dispose([value.data, value.labels]);
    return values;
  };
  await read(stream);
  const state = JSON.parse(JSON.stringify(await stream.saveState()));
  const resumed = gridOfGaussians().batches({ batchSize: 16, random: new RandomStream(77) });
  resumed.loadState(state);
  expect(await read(resumed)).toEqual(await read(stream));
  expect(tf.memory().numTensors).toBe(tensors);
});

test('streams say what they hold, and leave the stream that they were made with alone', async () => {
  const random = new RandomStream(4);
  for (const distribution of all) {
    expect(distribution.kind).toBe('points');
    const stream = distribution.batches({ batchSize: 2, random });
    const state = await stream.saveState();
    tf.dispose(Object.values((await stream.next()).value) as tf.Tensor[]);
    stream.loadState(state);
    expect(() => distribution.batches({ batchSize: 2 })).toThrow(`'${distribution.name}' draws its samples`);
    expect(() => distribution.batches({ batchSize: 2, random, epochs: 1 })).toThrow('drawn without end');
  }
  expect(random.saveState()).toEqual(new RandomStream(4).saveState());
});

test('a sampler that never comes within its bound ends in a sentence, not in an endless loop', () => {
  for (const wrong of [2, Number.NaN]) {
    let draws = 0;
    const sampler = () => {
      draws++;
      return { x: 0, y: wrong, label: 0 };
    };
    const far = pointDistribution({ name: 'far', bound: 1, sampler });
    expect(() => far.draw(1, new RandomStream(1))).toThrow(
      `'far' drew 1000 points in a row that are not within its bound of 1, the last (0, ${wrong})`,
    );
    expect(draws).toBe(1000);
  }
  expect(() => pointDistribution({ name: 'none', bound: 0, sampler: () => ({ x: 0, y: 0, label: 0 }) })).toThrow(
    'bound',
  );
});

test('sizes and names that make no sense are refused', () => {
  expect(() => ringOfGaussians({ mode: 3 } as never)).toThrow(
    "ringOfGaussians has no option 'mode'; did you mean 'modes'?",
  );
  expect(() => gridOfGaussians({ sides: 3 } as never)).toThrow("did you mean 'side'?");
  expect(() => swissRoll({ nois: 3 } as never)).toThrow("did you mean 'noise'?");
  expect(() => twoMoons({ nois: 3 } as never)).toThrow("did you mean 'noise'?");
  expect(() => pointDistribution({ name: 'x' } as never)).toThrow("needs the option 'bound'");
  expect(() => twoMoons().draw(0, new RandomStream(1))).toThrow('count');
  expect(() => ringOfGaussians({ modes: 0 })).toThrow('modes must be a whole number of at least 1, not 0');
  expect(() => gridOfGaussians({ standardDeviation: -1 })).toThrow('standardDeviation');
  expect(() => swissRoll({ noise: Number.NaN })).toThrow('noise');
});
