import { RandomStream, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { stateOfParts } from './state-of-parts.ts';

function counter(start: number): Stateful & { count: number } {
  return {
    count: start,
    async saveState() {
      const data = Float32Array.of(this.count);
      return { tensors: { 'a/b': { shape: [1], dtype: 'float32', data } }, values: { count: this.count } };
    },
    loadState({ tensors = {}, values = {} }) {
      expect(Object.keys(tensors)).toEqual(['a/b']);
      this.count = values['count'] as number;
    },
  };
}

test('parts keep their names, streams go on, and what has no state is passed over', async () => {
  const parts = {
    first: counter(3),
    second: counter(4),
    random: new RandomStream(1),
    plain: { name: 'plain' },
    'a/b': counter(9),
  };
  parts.random.normals(3);
  const state = await stateOfParts(parts).saveState();
  expect(Object.keys(state.tensors ?? {})).toEqual(['first/a/b', 'second/a/b', 'a-b/a/b']);
  expect(Object.keys(state.values ?? {})).toEqual(['first', 'second', 'random', 'a-b']);
  const others = {
    first: counter(0),
    second: counter(0),
    random: new RandomStream(2),
    plain: undefined,
    'a/b': counter(0),
  };
  stateOfParts(others).loadState({ ...state, values: JSON.parse(JSON.stringify(state.values)) });
  expect([others.first.count, others.second.count, others['a/b'].count]).toEqual([3, 4, 9]);
  expect(others.random.normals(5)).toEqual(parts.random.normals(5));
  expect(tf.memory().numTensors).toBe(0);
});

test('a state of other parts is refused', async () => {
  const state = await stateOfParts({ noise: new RandomStream(1) }).saveState();
  expect(() => stateOfParts({ noise: new RandomStream(1), inner: counter(1) }).loadState(state)).toThrow(
    "The saved state belongs to a run of other parts: it lacks 'inner'.",
  );
  expect(() => stateOfParts({}).loadState(state)).toThrow("it has 'noise', which this run does not");
});
