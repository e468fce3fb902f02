// What was reported as wrong on one backend: conditional players that do not hear their class, narrow kernels, casts to bool.
import { availability } from '@gankit/backend-onnx';
import { selectBackend } from '@gankit/backends';
import { conditionalGenerator, labelTensor } from '@gankit/conditional';
import { RandomStream } from '@gankit/core';
import { mlpGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

const backends = ['cpu', 'wasm', ...(availability().available ? (['onnx'] as const) : [])] as const;

describe.each(backends)('on %s', (backendName) => {
  beforeAll(async () => {
    await selectBackend({ prefer: backendName, fallback: false });
  });

  test('a conditional generator gives each class its own sample', () => {
    const inner = mlpGenerator({ outputShape: [2], latentSize: 7, random: new RandomStream(1) });
    const generator = conditionalGenerator(inner, { classes: 3 });
    const condition = { labels: labelTensor([0, 1, 2], 3) };
    const samples = generator.generate(tf.ones([3, 4]), { training: false, condition }) as tf.Tensor2D;
    const rows = samples.arraySync().map((row) => row.map((value) => value.toFixed(5)).join());
    expect(new Set(rows).size).toBe(3);
  });

  test('a one-hot of floats has ones', () => {
    const rows = tf.oneHot(tf.tensor1d([0, 2], 'int32'), 3, 1, 0, 'float32') as tf.Tensor2D;
    expect(rows.dtype).toBe('float32');
    expect(rows.arraySync()).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  test('a convolution whose kernel is narrower than its stride', () => {
    const options = { filters: 1, kernelSize: 2, strides: 3, padding: 'same', kernelInitializer: 'ones' } as const;
    const result = tf.layers.conv2d({ inputShape: [6, 6, 1], ...options }).apply(tf.ones([1, 6, 6, 1])) as tf.Tensor;
    expect(Array.from(result.dataSync())).toEqual([4, 4, 4, 4]);
  });

  test('a cast to bool, and what counts it', () => {
    const truth = tf.cast(tf.tensor1d([0.5, -2, 0, 3]), 'bool');
    expect(Array.from(truth.dataSync())).toEqual([1, 1, 0, 1]);
    expect(tf.sum(truth).dataSync()[0]).toBe(3);
  });
});
