import { type Batch, type ConditionKind, conditionKinds, RandomStream } from '@gankit/core';
import { imageSet } from '@gankit/data';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataConditions } from './data-conditions.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const random = new RandomStream(1);

/** Two images with all that can be known of them, as a data source gives them. */
async function pairs(): Promise<Batch> {
  const set = imageSet({
    name: 'pairs',
    shape: [1, 1, 1],
    pixels: Uint8Array.from([0, 255]),
    labels: [3, 1],
    vectors: [0.5, 1, 2, 4],
    images: { shape: [1, 2, 1], pixels: Uint8Array.from([255, 0, 0, 255]) },
  });
  return (await set.batches({ batchSize: 2 }).next()).value;
}

const expected: Readonly<Record<ConditionKind, readonly number[]>> = {
  labels: [3, 1],
  vectors: [0.5, 1, 2, 4],
  images: [1, -1, -1, 1],
};

test.each<ConditionKind[][]>([
  [['labels']],
  [['vectors']],
  [['images']],
  [['images', 'labels']],
  [['vectors', 'images', 'vectors', 'labels']],
])('%j: both players are told these and nothing else, as copies that the batch does not miss', async (kinds) => {
  const batch = await pairs();
  const told = conditionKinds.filter((kind) => kinds.includes(kind));
  const conditioning = dataConditions(...kinds);
  expect(conditioning.gives).toEqual({ real: told, fake: told });
  const before = tf.memory().numTensors;
  const { real, fake } = conditioning.condition(batch, random);
  // The trainer tells the generated samples what the real ones are told when nothing else is said.
  expect(fake).toBeUndefined();
  expect(Object.keys(real!)).toEqual(told);
  for (const kind of told) {
    expect([...real![kind]!.dataSync()]).toEqual(expected[kind]);
    expect(real![kind]!.shape).toEqual(batch[kind]!.shape);
    real![kind]!.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
  for (const kind of conditionKinds) expect([...batch[kind]!.dataSync()]).toEqual(expected[kind]);
});

test('it draws nothing', async () => {
  const stream = new RandomStream(2);
  dataConditions('labels').condition(await pairs(), stream);
  expect(stream.saveState()).toEqual(new RandomStream(2).saveState());
});

test.each(conditionKinds)('data without %s are refused in one sentence', async (kind) => {
  const { [kind]: _, ...batch } = await pairs();
  expect(() => dataConditions(...conditionKinds).condition(batch, random)).toThrow(
    expect.objectContaining({
      code: 'incompatible',
      message: `The data have no ${kind}, which data-conditions is to tell the players; use data that come with ${kind}, or leave '${kind}' out of dataConditions.`,
    }),
  );
});

test.each<[string, ConditionKind, () => tf.Tensor]>([
  ['of another type', 'labels', () => tf.zeros([2])],
  ['of another rank', 'vectors', () => tf.zeros([2])],
  ['for another number of samples', 'images', () => tf.zeros([3, 1, 1, 1])],
])('tensors %s are refused', async (_, kind, wrong) => {
  const batch = { ...(await pairs()), [kind]: wrong() };
  expect(() => dataConditions(kind).condition(batch, random)).toThrow(`data-conditions needs ${kind} that are`);
});

test('nothing, and what does not exist, cannot be told', () => {
  expect(() => dataConditions()).toThrow(
    'dataConditions needs to know what to tell the players; name one or more of labels, vectors, images.',
  );
  expect(() => dataConditions('label' as never)).toThrow("There is no condition named 'label'; did you mean 'labels'?");
});
