import type { AdversarialLoss, DiscriminatorOutput } from '@gankit/core';
import { isStateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { topK } from './top-k.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const nonSaturating: AdversarialLoss = {
  name: 'non-saturating',
  discriminatorLoss: ({ real, fake }) => tf.tidy(() => tf.sub(fake.logits.mean(), real.logits.mean())),
  generatorLoss: ({ fake }) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits)))),
};

test('value and gradient are those of the k best fakes alone', () => {
  const values = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 10 }), (logits, tenths) => {
      const share = tenths / 10;
      const loss = topK(nonSaturating, { from: share, to: share, steps: 1 });
      const k = Math.max(1, Math.ceil(share * logits.length));
      const best = [...logits].sort((a, b) => b - a).slice(0, k);
      const { value, grad } = tf.tidy(() => {
        const result = tf.valueAndGrad((x) => loss.generatorLoss({ fake: { logits: x } }))(
          tf.tensor2d(logits.map((logit) => [logit])),
        );
        return { value: result.value.dataSync()[0]!, grad: [...result.grad.dataSync()] };
      });
      const softplus = (x: number) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
      expect(value).toBeCloseTo(best.reduce((sum, x) => sum + softplus(-x), 0) / k, 4);
      logits.forEach((logit, index) => {
        expect(grad[index]).toBeCloseTo(best.includes(logit) ? -1 / (1 + Math.exp(logit)) / k : 0, 5);
      });
    }),
  );
});

test('the share falls in a straight line and then stays', () => {
  let rows = 0;
  const counting: AdversarialLoss = {
    ...nonSaturating,
    generatorLoss: ({ fake }) => {
      rows = fake.logits.shape[0]!;
      return tf.scalar(0);
    },
  };
  const loss = topK(counting, { from: 1, to: 0.5, steps: 100 });
  const rowsAt = (step?: number) => {
    tf.tidy(() => {
      loss.generatorLoss({ fake: { logits: tf.zeros([20]) }, ...(step === undefined ? {} : { step }) });
    });
    return rows;
  };
  expect([undefined, 0, 50, 100, 1000].map(rowsAt)).toEqual([20, 20, 15, 10, 10]);
});

test('real outputs, features, class logits and samples keep the same rows', () => {
  let kept: tf.Tensor[] = [];
  let seen: Parameters<AdversarialLoss['generatorLoss']>[0] | undefined;
  const spy: AdversarialLoss = {
    ...nonSaturating,
    generatorNeeds: ['real', 'samples'],
    generatorLoss: (outputs) => {
      seen = outputs;
      // Kept past the loss's own tidy, so that the test can look.
      const { fake, real, samples } = outputs;
      const of = (output: DiscriminatorOutput) => [output.logits, ...output.features!, output.heads!['class']!];
      kept = [...of(fake), ...of(real!), samples!.real, samples!.fake];
      for (const tensor of kept) tf.keep(tensor);
      return tf.scalar(0);
    },
  };
  const loss = topK(spy, { from: 0.5, steps: 1 });
  expect(loss).toMatchObject({ name: 'top-k non-saturating', generatorNeeds: ['real', 'samples'] });
  tf.tidy(() => {
    const output = (start: number): DiscriminatorOutput => ({
      logits: tf.tensor1d([1, 4, 2, 3].map((value) => start + value)),
      features: [tf.range(start, start + 8).reshape([4, 1, 2])],
      heads: { class: tf.range(start, start + 4).reshape([4, 1]) },
    });
    const samples = { real: tf.tensor2d([[0], [1], [2], [3]]), fake: tf.tensor2d([[4], [5], [6], [7]]) };
    loss.generatorLoss({ fake: output(0), real: output(100), samples });
    // Logits 4 and 3 are the best: rows 1 and 3.
    expect([...seen!.fake.logits.dataSync()]).toEqual([4, 3]);
    expect([...seen!.real!.logits.dataSync()]).toEqual([104, 103]);
    expect(seen!.fake.features![0]!.shape).toEqual([2, 1, 2]);
    expect([...seen!.fake.features![0]!.dataSync()]).toEqual([2, 3, 6, 7]);
    expect([...seen!.real!.heads!['class']!.dataSync()]).toEqual([101, 103]);
    expect([...seen!.samples!.real.dataSync(), ...seen!.samples!.fake.dataSync()]).toEqual([1, 3, 5, 7]);
  });
  tf.dispose(kept);
});

test('of energies the lowest are the best; the rest of the loss is passed on', async () => {
  const heard: string[] = [];
  const energy: AdversarialLoss & { saveState(): Promise<object>; loadState(): void } = {
    ...nonSaturating,
    verdict: 'energy',
    generatorLoss: ({ fake }) => fake.logits.sum(),
    afterDiscriminatorUpdate: () => heard.push('after'),
    dispose: () => heard.push('dispose'),
    saveState: async () => ({ values: { k: 7 } }),
    loadState: () => heard.push('load'),
  };
  const loss = topK(energy, { from: 0.5, steps: 1 });
  const lowest = tf.tidy(() => loss.generatorLoss({ fake: { logits: tf.tensor1d([3, 1, 2, 9]) } }).dataSync()[0]);
  expect(lowest).toBe(3);
  expect(
    tf.tidy(
      () => loss.discriminatorLoss({ real: { logits: tf.ones([1]) }, fake: { logits: tf.zeros([1]) } }).dataSync()[0],
    ),
  ).toBe(-1);
  const output = { real: { logits: tf.ones([1]) }, fake: { logits: tf.ones([1]) } };
  loss.afterDiscriminatorUpdate?.(output);
  tf.dispose([output.real.logits, output.fake.logits]);
  if (!isStateful(loss)) throw new Error('the state was lost on the way');
  expect(await loss.saveState()).toEqual({ values: { k: 7 } });
  loss.loadState({});
  loss.dispose?.();
  expect(heard).toEqual(['after', 'load', 'dispose']);
});

test('what cannot be ranked is refused', () => {
  expect(() => topK({ ...nonSaturating, verdict: 'two-class' }, { steps: 1 })).toThrow(
    "Top-k needs one number a sample to rank by, but the loss 'non-saturating' has two units",
  );
  const loss = topK(nonSaturating, { steps: 1 });
  expect(() => tf.tidy(() => loss.generatorLoss({ fake: { logits: tf.zeros([2, 4, 4, 1]) } }))).toThrow(
    'not [2, 4, 4, 1]; leave it out with a discriminator that judges patches',
  );
  expect(() => topK(nonSaturating, { from: 0, steps: 1 })).toThrow('from');
  expect(() => topK(nonSaturating, { steps: 0 })).toThrow('steps');
});
