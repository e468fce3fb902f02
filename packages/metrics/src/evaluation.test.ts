import { type Batch, type DataSource, GanKitError, type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { changeBetween, type Evaluation, evaluate } from './evaluation.ts';
import { modelFeatures } from './extractors/model-features.ts';
import { pixelFeatures } from './extractors/pixel-features.ts';
import { valueFeatures } from './extractors/value-features.ts';
import { extractFeatures, type FeatureSet } from './feature-set.ts';
import { drawn, labels, recorded, sets } from './references.fixture.ts';
import { extractors, metrics, suitedExtractor } from './registry/index.ts';
import { arrayBatches, generatedBatches } from './sample-batches.ts';
import { setMetricNames } from './set-metrics.ts';

let tensors = 0;
beforeAll(async () => {
  await tf.setBackend('cpu');
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const values = valueFeatures({ dimensions: 8 });
const setOf = (name: string, { values: numbers }: typeof sets.A, told?: ArrayLike<number>) =>
  extractFeatures(values, arrayBatches(Float32Array.from(numbers), [8], told), { name });

describe('features of a set', () => {
  it('are those of all samples in their order, whatever the batches', async () => {
    const many = drawn(110, 250, 8);
    const set = await setOf('many', many);
    expect(set).toMatchObject({ samples: 250, shape: [8], extractor: { name: 'values' } });
    expect(set.features.values).toEqual(Float32Array.from(many.values));
    const told = await setOf('told', sets.A, labels);
    expect([...told.labels!]).toEqual([...labels]);
  });

  it('end when enough was taken, and the stream is closed', async () => {
    const closed = vi.fn();
    async function* endless(): AsyncGenerator<Batch> {
      try {
        for (;;) yield { data: tf.ones([7, 8]), labels: tf.tensor1d([0, 1, 2, 3, 4, 5, 6], 'int32') };
      } finally {
        closed();
      }
    }
    const done: number[] = [];
    const set = await extractFeatures(values, endless(), {
      name: 'ones',
      samples: 10,
      onProgress: (n) => done.push(n),
    });
    expect(set.features.values).toHaveLength(80);
    expect([...set.labels!]).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 1, 2]);
    expect(done).toEqual([7, 10]);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('can be given up, and free everything then', async () => {
    const stop = new AbortController();
    const going = extractFeatures(values, arrayBatches(new Float32Array(8000), [8]), {
      name: 'zeros',
      signal: stop.signal,
      onProgress: (done) => done >= 300 && stop.abort(new Error('enough')),
    });
    await expect(going).rejects.toThrow('enough');
  });

  it('of a generator do not move its averages, and come with the labels that it was told', async () => {
    const seen: { training: boolean; told: number[] }[] = [];
    const generator = {
      name: 'constant',
      latentShape: [3],
      outputShape: [8],
      generate(latent: tf.Tensor, { training, condition }) {
        seen.push({ training, told: Array.from(condition!.labels!.dataSync()) });
        return tf.zeros([latent.shape[0]!, 8]);
      },
    } as Partial<Generator> as Generator;
    const set = await extractFeatures(
      values,
      generatedBatches(generator, {
        samples: 130,
        random: new RandomStream(1),
        condition: (from, count) => ({
          labels: tf.tensor1d(
            Array.from({ length: count }, (_, index) => (from + index) % 4),
            'int32',
          ),
        }),
      }),
      { name: 'generator' },
    );
    expect(seen.map(({ training, told }) => [training, told.length])).toEqual([
      [false, 100],
      [false, 30],
    ]);
    expect(set.labels![129]).toBe(129 % 4);
  });

  it('say what is wrong', async () => {
    await expect(extractFeatures(values, arrayBatches(new Float32Array(0), [8]), { name: 'none' })).rejects.toThrow(
      "There is no sample in 'none'.",
    );
    async function* some(): AsyncGenerator<Batch> {
      yield { data: tf.ones([2, 8]), labels: tf.tensor1d([0, 1], 'int32') };
      yield { data: tf.ones([2, 8]) };
    }
    await expect(extractFeatures(values, some(), { name: 'some' })).rejects.toThrow("Only 2 of 4 samples of 'some'");
    await expect(extractFeatures(values, arrayBatches(new Float32Array(6), [3]), { name: 'short' })).rejects.toThrow(
      'Samples of 8 numbers were to come, not [2, 3].',
    );
  });
});

describe('an evaluation', () => {
  it('has the numbers of the metrics, and all that they depend on', async () => {
    const [a, c] = [await setOf('A', sets.A), await setOf('C', sets.C)];
    const found = await evaluate(a, c, { metrics: ['fid', 'prdc', 'energy'], seed: 3 });
    expect(Object.keys(found.numbers)).toEqual([
      'fid.distance',
      'prdc.precision',
      'prdc.recall',
      'prdc.density',
      'prdc.coverage',
      'energy.distance',
    ]);
    // The samples went through float32.
    expect(found.numbers['fid.distance']).toBeCloseTo(recorded.frechet.AC.full, 5);
    expect(found).toMatchObject({
      version: 1,
      seed: 3,
      notes: [],
      reference: { name: 'A', samples: 60, shape: [8] },
      generated: { name: 'C', samples: 60 },
      extractor: { name: 'values', version: '1', checksum: 'none' },
    });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('is the same each time, by every metric that points and classes allow', async () => {
    const [a, c] = [await setOf('A', sets.classes, labels), await setOf('C', sets.C, labels)];
    const names = setMetricNames.filter((name) => !['inception-score', 'modes'].includes(name));
    const first = await evaluate(a, c, { metrics: names });
    expect(await evaluate(a, c, { metrics: names })).toEqual(first);
    for (const value of Object.values(first.numbers)) expect(Number.isFinite(value)).toBe(true);
  });

  it('of a set with itself is the best there is', async () => {
    const set = await setOf('classes', sets.classes, labels);
    const { numbers } = await evaluate(set, set, {
      metrics: ['fid', 'sliced-wasserstein', 'energy', 'prdc', 'prd', 'classes'],
    });
    expect(numbers).toMatchObject({
      'fid.distance': 0,
      'sliced-wasserstein.distance': 0,
      'energy.distance': 0,
      'prdc.precision': 1,
      'prdc.coverage': 1,
      'classes.intraFid': 0,
    });
    expect(numbers['prd.f8']).toBeCloseTo(1, 6);
    expect(numbers['classes.ganTrain']).toBe(numbers['classes.realAccuracy']);
  });

  it('counts classes by the word of an extractor that classifies', async () => {
    const judge = modelFeatures({
      name: 'brightness',
      version: '1',
      checksum: 'none',
      input: { height: 1, width: 1, channels: 1 },
      dimensions: 1,
      classNames: ['dark', 'bright'],
      run: (images) => {
        const bright = tf.step(images.reshape([-1, 1]));
        return { features: images, probabilities: tf.concat([tf.sub(1, bright), bright], 1) };
      },
    });
    const of = (name: string, ...pixels: number[]) =>
      extractFeatures(judge, arrayBatches(Float32Array.from(pixels), [1, 1, 1]), { name });
    const { numbers } = await evaluate(await of('both', -1, 1, -0.5, 0.5), await of('one', 1, 0.5, 1), {
      metrics: ['modes', 'inception-score'],
    });
    expect(numbers).toMatchObject({ 'modes.modesFound': 1, 'modes.modes': 2, 'inception-score.score': 1 });
    expect(numbers['modes.reverseKl']).toBeCloseTo(Math.log(2), 12);
  });

  it('tells what makes a number less worth', async () => {
    const { notes } = await evaluate(await setOf('few', drawn(1, 6, 8)), await setOf('C', sets.C), {
      metrics: ['fid'],
    });
    expect(notes[0]).toMatch(/^fid: A covariance of 8 features from 6 samples is singular/);
    expect(notes[1]).toMatch(/6 real and 60 generated samples/);
  });

  it('refuses sets that cannot be compared, and what they lack', async () => {
    const set = await setOf('A', sets.A);
    const other: FeatureSet = { ...set, extractor: pixelFeatures().identity };
    await expect(evaluate(set, other, { metrics: ['fid'] })).rejects.toThrow(
      /values 1 .* pixels 1 .* cannot be compared/,
    );
    await expect(evaluate(set, set, { metrics: ['modes'] })).rejects.toThrow("values gave 'A' no classes");
    await expect(evaluate(set, set, { metrics: ['classes'] })).rejects.toThrow("those of 'A' have none");
    await expect(evaluate(set, set, { metrics: ['fib' as 'fid'] })).rejects.toThrow("did you mean 'fid'?");
    const stopped = evaluate(set, set, { metrics: ['fid'], signal: AbortSignal.abort(new Error('no more')) });
    await expect(stopped).rejects.toThrow('no more');
  });

  it('is compared with one that was made alike, and with no other', async () => {
    const [a, c] = [await setOf('A', sets.A), await setOf('C', sets.C)];
    const before = await evaluate(a, c, { metrics: ['fid', 'prdc'] });
    const after = await evaluate(a, a, { metrics: ['fid'] });
    expect(changeBetween(before, after)).toEqual({ 'fid.distance': -before.numbers['fid.distance']! });
    const others: Partial<Evaluation>[] = [
      { version: 2 },
      { generated: { ...after.generated, samples: 61 } },
      { reference: { ...after.reference, name: 'B' } },
      { extractor: { ...after.extractor, version: '2' } },
    ];
    for (const other of others) expect(() => changeBetween(before, { ...after, ...other })).toThrow(GanKitError);
    expect(() => changeBetween(before, { ...after, version: 2 })).toThrow(/version of the metrics \(1 and 2\)/);
  });
});

describe('metrics by name', () => {
  const source: DataSource = {
    name: 'points',
    kind: 'points',
    shape: [8],
    size: 60,
    scale: 2,
    classNames: ['a', 'b', 'c'],
    batches: () => {
      async function* batches(): AsyncGenerator<Batch> {
        yield* arrayBatches(
          Float32Array.from(sets.A.values, (value) => value / 2),
          [8],
          labels,
        );
      }
      return batches() as unknown as ReturnType<DataSource['batches']>;
    },
  };

  it('measure samples against the data, whose features are taken once', async () => {
    const batches = vi.spyOn(source, 'batches');
    const fid = metrics.create({ name: 'fid', samples: 60 }, { source });
    const halves = Float32Array.from(sets.C.values, (value) => value / 2);
    const { distance } = (await fid.measure(halves)) as { distance: number };
    expect(distance).toBeCloseTo(recorded.frechet.AC.full, 5);
    expect(await fid.measure(halves)).toEqual({ distance });
    expect(batches).toHaveBeenCalledOnce();
    const classes = metrics.create({ name: 'classes', samples: 60 }, { source });
    const own = Float32Array.from(sets.A.values, (value) => value / 2);
    expect(await classes.measure(own, [...labels])).toMatchObject({ intraFid: 0 });
  });

  it('are refused where they cannot be measured, before anything is', () => {
    const make =
      (name: string, options = {}, data: DataSource = source) =>
      () =>
        metrics.create({ name, ...options }, { source: data });
    expect(make('fid', { extractor: 'digits' })).toThrow("looks at pictures, and 'points' has none; take 'values'.");
    expect(make('inception-score')).toThrow(/needs an extractor that classifies, and 'values' does not/);
    expect(make('classes', {}, { ...source, classNames: undefined })).toThrow(
      "'points' has none; take another metric.",
    );
    expect(make('fid', { samples: 1 })).toThrow('samples must be a whole number from 2');
  });

  it('have an extractor that suits the data', async () => {
    expect(suitedExtractor(source)).toBe('values');
    expect(suitedExtractor({ name: 'mnist', kind: 'images' })).toBe('digits');
    expect(suitedExtractor({ name: 'photos', kind: 'images' })).toBe('pixels');
    const pixels = await extractors.create({ name: 'pixels', side: 4 }, { shape: [9, 9, 3] });
    expect(pixels.dimensions).toBe(48);
    expect((await extractors.create({ name: 'pixels' }, { shape: [9, 9, 1] })).dimensions).toBe(64);
  });
});
