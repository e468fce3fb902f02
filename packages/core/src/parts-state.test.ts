import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import type { Network } from './network.ts';
import { loadParts, networkState, saveParts, valueState } from './parts-state.ts';
import { RandomStream } from './random.ts';
import type { State, Stateful } from './state.ts';

/** A part that holds one number and one tensor. */
function part(value: number): Stateful & { state: State } {
  const tensor = { shape: [1], dtype: 'float32', data: Float32Array.of(value) } as const;
  return {
    state: { tensors: { weight: tensor }, values: { value } },
    async saveState() {
      return this.state;
    },
    loadState(state) {
      this.state = state;
    },
  };
}

test('parts of the same tensor names are kept apart, also when one name begins with the other', async () => {
  const saved = await saveParts({ a: part(1), 'a-b': part(2) });
  expect(Object.keys(saved.tensors!).sort()).toEqual(['a-b/weight', 'a/weight']);
  const [first, second] = [part(0), part(0)];
  loadParts({ a: first, 'a-b': second }, saved);
  expect(first.state).toEqual(part(1).state);
  expect(second.state).toEqual(part(2).state);
});

test('other parts are refused, with the difference', async () => {
  const saved = await saveParts({ a: part(1), b: part(2) });
  expect(() => loadParts({ a: part(1), c: part(1) }, saved)).toThrow(
    "it lacks 'c'; it has 'b', which this run does not",
  );
  await expect(saveParts({ 'a/b': part(1) })).rejects.toThrow("as 'a/b' does");
});

test('a network saves its variables and its own state', async () => {
  const variable = tf.variable(tf.tensor1d([1, 2]));
  const inner = part(3);
  const network: Network & Stateful = {
    name: 'player',
    variables: [{ name: 'dense', variable, trainable: true }],
    dispose: () => variable.dispose(),
    saveState: () => inner.saveState(),
    loadState: (state) => inner.loadState(state),
  };
  const saved = await networkState(network).saveState();
  variable.assign(tf.tensor1d([0, 0]));
  inner.state = {};
  networkState(network).loadState(saved);
  expect([...variable.dataSync()]).toEqual([1, 2]);
  expect(inner.state).toEqual(part(3).state);
  const wider = { ...saved, tensors: { ...saved.tensors, other: saved.tensors!['dense']! } };
  expect(() => networkState(network).loadState(wider)).toThrow("The saved state has 'other', which player does not");
  network.dispose();
});

test('a random stream as a part', async () => {
  const stream = new RandomStream(5);
  stream.uint32();
  const saved = await valueState(stream).saveState();
  const next = stream.uint32();
  const other = new RandomStream(1);
  valueState(other).loadState(JSON.parse(JSON.stringify(saved)));
  expect(other.uint32()).toBe(next);
});
