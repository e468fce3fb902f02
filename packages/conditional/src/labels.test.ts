import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkLabelValues, classReader, classWeights, labelTensor } from './labels.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('labels become int32, and a label that is none is named', () => {
  const labels = labelTensor([2, 0, 1], 3);
  expect([labels.dtype, ...labels.dataSync()]).toEqual(['int32', 2, 0, 1]);
  for (const [label, classes] of [
    [3, 3],
    [-1, 3],
    [0.5, 3],
    [Number.NaN, 3],
  ] as const) {
    expect(() => labelTensor([0, label], classes)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `A label must be a whole number from 0 to 2, not ${label}; there are 3 classes.`,
      }),
    );
  }
  expect(() => labelTensor([0], 1)).toThrow('classes must be a whole number of at least 2, not 1.');
});

test('the class of a sample: one-hot labels, before vectors; weights where there are no labels', () => {
  const labels = labelTensor([1, 0], 3);
  const vectors = tf.tensor2d([
    [0.25, 0.75, 0, 9],
    [0, 0, 1, 8],
  ]);
  expect(classWeights('D', { labels, vectors }, 3, 2, 1).arraySync()).toEqual([
    [0, 1, 0],
    [1, 0, 0],
  ]);
  expect(classWeights('D', { vectors }, 3, 2, 1).arraySync()).toEqual([
    [0.25, 0.75, 0],
    [0, 0, 1],
  ]);
  expect(classWeights('D', { labels }, 3, 2).dtype).toBe('float32');
});

test('what does not fit is refused in one sentence', () => {
  const fault = (code: string, message: string) => expect.objectContaining({ code, message });
  expect(() => classWeights('D', undefined, 3, 2)).toThrow(
    fault(
      'incompatible',
      'D needs to know the class of each sample and was told none; give the trainer a conditioning such as dataLabels(), or pass condition.labels.',
    ),
  );
  expect(() => classWeights('D', { labels: labelTensor([0, 1, 2], 3) }, 3, 2)).toThrow(
    fault('invalid-shape', 'D needs labels that are int32 of shape [2], not int32 of shape [3].'),
  );
  expect(() => classWeights('D', { labels: tf.tensor1d([0, 1]) }, 3, 2)).toThrow('not float32 of shape [2].');
  expect(() => classWeights('D', { vectors: tf.zeros([2, 4]) }, 3, 2)).toThrow(
    fault('invalid-shape', 'D needs vectors that are float32 of shape [2, 3], not float32 of shape [2, 4].'),
  );
});

const wrongLabels: readonly (readonly [readonly number[], number | undefined])[] = [
  [[0, 2, 1], undefined],
  [[1, 3, -1], 3],
  [[1, -1, 3], -1],
];

test.each(wrongLabels)('values of labels %j: the first that is no class is named', (values, wrong) => {
  const labels = tf.tensor1d([...values], 'int32');
  const check = () => checkLabelValues('D', labels, 3);
  if (wrong === undefined) check();
  else {
    expect(check).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: `D was given the label ${wrong} and knows the classes 0 to 2; number the classes of the data from 0, and let every part know how many there are.`,
      }),
    );
  }
});

test('a reader looks at the first labels that it is trained with, and at those alone', () => {
  const read = classReader('D', 3);
  const [right, wrong] = [tf.tensor1d([0, 2], 'int32'), tf.tensor1d([0, 3], 'int32')];
  const pass = (labels: tf.Tensor1D, training: boolean) => read({ training, condition: { labels } }, 2).arraySync();
  expect(pass(wrong, false)).toEqual([
    [1, 0, 0],
    [0, 0, 0],
  ]);
  expect(() => pass(wrong, true)).toThrow('D was given the label 3');
  expect(pass(right, true)).toEqual([
    [1, 0, 0],
    [0, 0, 1],
  ]);
  let reads = 0;
  const counted = Object.assign(tf.tensor1d([0, 1], 'int32'), { dataSync: () => [reads++] });
  pass(counted as never, true);
  expect(reads).toBe(0);
  expect(() => read({ training: true, condition: { labels: tf.tensor1d([0]) } }, 1)).toThrow('labels that are int32');
  expect(() => read({ training: true }, 1)).toThrow('D needs to know the class of each sample');
});

test('labels that a backend cannot read at once are passed over, and those it still holds are looked at', () => {
  const { dataId } = tf.tensor1d([7], 'int32');
  const label = { dataId } as tf.Tensor1D;
  const held = (values: Int32Array | null) => ({ has: (id: object) => id === dataId, get: () => ({ values }) });
  const backend = vi.spyOn(tf.engine(), 'backend', 'get');
  try {
    for (const store of ['texData', 'tensorMap']) {
      backend.mockReturnValue({ [store]: held(null) } as never);
      expect(() => checkLabelValues('D', label, 3)).not.toThrow();
      backend.mockReturnValue({ [store]: held(Int32Array.of(7)) } as never);
      expect(() => checkLabelValues('D', label, 3)).toThrow('D was given the label 7');
    }
  } finally {
    backend.mockRestore();
  }
});
