import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnNumbers, recorded } from '../references.fixture.ts';
import { digitFeatures } from './digits/digit-features.ts';
import { checkSameExtractor, extractorText, type FeatureExtractor } from './feature-extractor.ts';
import { fromHalf, toHalf } from './half-precision.ts';
import { modelFeatures } from './model-features.ts';
import { pixelFeatures } from './pixel-features.ts';
import { type ImageInput, prepareImages } from './prepare-images.ts';
import { resizeImages } from './resize-images.ts';
import { valueFeatures } from './value-features.ts';

let tensors = 0;
beforeAll(async () => {
  await tf.setBackend('cpu');
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** The numbers of a tensor that is then freed. */
function read(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

describe('resizing', () => {
  it.each([
    ['smaller', 4, 5],
    ['larger', 17, 14],
    ['by little', 9, 13],
  ] as const)("is torch's antialiased cubic filter: %s", (name, height, width) => {
    const found = read(
      tf.tidy(() => resizeImages(tf.tensor4d(Float32Array.from(drawnNumbers(19, 130)), [1, 10, 13, 1]), height, width)),
    );
    expect(found).toHaveLength(height * width);
    found.forEach((value, at) => {
      expect(Math.abs(value - recorded.resized[name][at]!)).toBeLessThan(2e-6);
    });
  });

  it('does not read single pixels where a picture shrinks: the clean-fid fault', () => {
    // Every second pixel white. A filter of fixed width, such as tf.image's, finds only white ones; their mean is gray.
    const values = Float32Array.from({ length: 64 * 64 }, (_, at) => (at % 4 === 0 ? 1 : -1));
    const [kept, plain] = tf.tidy(() => {
      const board = tf.tensor4d(values, [1, 64, 64, 1]);
      return [resizeImages(board, 16, 16), tf.image.resizeBilinear(board, [16, 16])];
    }) as [tf.Tensor, tf.Tensor];
    expect(read(plain)).toEqual(new Array(256).fill(1));
    const inside = read(kept).filter((_, at) => at % 16 > 1 && at % 16 < 14);
    for (const value of inside) expect(value).toBeCloseTo(-0.5, 1);
  });

  it('keeps each channel to itself, and images that have the size already', () => {
    const values = Float32Array.from(drawnNumbers(19, 260));
    const [both, one, same] = tf.tidy(() => {
      const pair = tf.tensor4d(values, [2, 10, 13, 1]);
      const turned = tf.concat([pair, tf.neg(pair)], 3) as tf.Tensor4D;
      return [resizeImages(turned, 4, 5), resizeImages(pair, 4, 5), resizeImages(pair, 10, 13)];
    }) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const single = read(one);
    read(both).forEach((value, at) => {
      expect(value).toBeCloseTo((at % 2 === 0 ? 1 : -1) * single[Math.floor(at / 2)]!, 6);
    });
    expect(Float32Array.from(read(same))).toEqual(values);
  });
});

describe('preparing images', () => {
  const prepared = (values: number[], shape: [number, number, number, number], input: ImageInput) =>
    read(tf.tidy(() => prepareImages(tf.tensor4d(values, shape), input)));

  it('makes gray of colours, colours of gray, leaves transparency out, and changes the range', () => {
    const pixel = { height: 1, width: 1 };
    expect(prepared([1, 0, -1, 0.5], [1, 1, 1, 4], { ...pixel, channels: 1 })[0]).toBeCloseTo(0.299 - 0.114, 6);
    expect(prepared([1, 0, -1, 0.5], [1, 1, 1, 4], { ...pixel, channels: 3 })).toEqual([1, 0, -1]);
    expect(prepared([0.5], [1, 1, 1, 1], { ...pixel, channels: 3, range: [0, 1] })).toEqual([0.75, 0.75, 0.75]);
  });

  it('says what is wrong', () => {
    const flat = tf.zeros([2, 4]);
    expect(() => prepareImages(flat, { height: 1, width: 1, channels: 1 })).toThrow(/not at \[2, 4\]/);
    flat.dispose();
    const options = {
      name: 'n',
      version: '1',
      checksum: 'none',
      dimensions: 1,
      run: () => ({ features: tf.zeros([1]) }),
    };
    expect(() => modelFeatures({ ...options, input: { height: 0, width: 1, channels: 1 } })).toThrow('height');
    expect(() => modelFeatures({ ...options, input: { height: 1, width: 1, channels: 2 as 3 } })).toThrow(
      '1 or 3, not 2',
    );
    expect(() => modelFeatures({ ...options, input: { height: 1, width: 1, channels: 3, range: [1, 1] } })).toThrow(
      'two rising numbers, not [1, 1]',
    );
  });
});

describe('half precision', () => {
  it('is that of numpy, with ties, small and large numbers', () => {
    const values = Float32Array.from([
      ...drawnNumbers(20, 40),
      ...drawnNumbers(21, 20, 0, 1e-5),
      ...[0, 1, 2049, 2051, 2 ** -14, 2 ** -24, 65504, -1e-7],
    ]);
    expect([...toHalf(values)]).toEqual(recorded.halves);
    fromHalf(toHalf(values)).forEach((value, at) => {
      expect(Math.abs(value - values[at]!)).toBeLessThanOrEqual(Math.max(Math.abs(values[at]!) * 2 ** -11, 2 ** -25));
    });
  });
});

describe('extractors', () => {
  it('a network of your own is given what it was made for, and must give what it says', () => {
    const seen: (readonly number[])[] = [];
    const options = {
      name: 'mean',
      version: '2',
      checksum: 'ab'.repeat(32),
      input: { height: 4, width: 4, channels: 3, range: [0, 255] },
      dimensions: 3,
      run: (images: tf.Tensor4D) => {
        seen.push(images.shape);
        return { features: tf.mean(images, [1, 2], true) };
      },
    } as const;
    const extractor = modelFeatures(options);
    const white = tf.ones([2, 9, 7, 1]);
    const { features } = extractor.extract(white);
    expect(features.shape).toEqual([2, 3]);
    expect(seen).toEqual([[2, 4, 4, 3]]);
    for (const value of read(features)) expect(value).toBeCloseTo(255, 3);
    expect(extractorText(extractor.identity)).toBe('mean 2 (abababababab; 4x4x3 in [0, 255], cubic with antialiasing)');
    const wrong = modelFeatures({ ...options, dimensions: 4 });
    expect(() => wrong.extract(white)).toThrow(/mean gave features of shape \[2, 1, 1, 3\], not \[2, 4\]/);
    white.dispose();
  });

  it('those that differ in anything are not compared', () => {
    const { identity } = pixelFeatures();
    checkSameExtractor(identity, pixelFeatures().identity);
    for (const other of [pixelFeatures({ side: 4 }), valueFeatures({ dimensions: 2 })]) {
      expect(() => checkSameExtractor(identity, other.identity)).toThrow(/cannot be compared; take both from one/);
    }
    expect(() => checkSameExtractor(identity, { ...identity, checksum: 'other' })).toThrow('cannot be compared');
  });

  it('values are the samples in their own units', () => {
    const points = tf.tensor2d([1, -1, 0.5, 0], [2, 2]);
    expect(read(valueFeatures({ dimensions: 2, scale: 4 }).extract(points).features)).toEqual([4, -4, 2, 0]);
    expect(() => valueFeatures({ dimensions: 3 }).extract(points)).toThrow('Samples of 3 numbers were to come');
    points.dispose();
  });

  it('digits come with their weights, and look at pictures of any size', async () => {
    const extractor: FeatureExtractor = await digitFeatures();
    const pictures = tf.fill([3, 40, 50, 3], -1);
    const { features, probabilities } = extractor.extract(pictures);
    expect(features.shape).toEqual([3, extractor.dimensions]);
    expect(probabilities!.shape).toEqual([3, 10]);
    expect(read(probabilities!).reduce((sum, value) => sum + value, 0)).toBeCloseTo(3, 5);
    expect(read(features).every((value) => value >= 0)).toBe(true);
    expect(extractor.identity).toMatchObject({
      name: 'mnist-digits',
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    pictures.dispose();
    extractor.dispose();
  });
});
