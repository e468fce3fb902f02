import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createLoss, lossEntries, lossEntry, lossNames, parseOption } from './index.ts';

describe('the registry of losses', () => {
  it.each(lossNames)('makes %s with its own name, and documents it', (name) => {
    const entry = lossEntry(name);
    expect(createLoss(name).name).toBe(name);
    expect(entry.title).not.toBe('');
    expect(entry.source).toMatch(/\d{4}|baseline/);
    for (const option of entry.options) expect(option.description).toMatch(/^[^.]+$/);
  });

  it.each(lossNames)('lists the defaults that the function %s really has', (name) => {
    const { options, verdict } = lossEntry(name);
    const defaults = Object.fromEntries(options.map((option) => [option.name, option.default]));
    const values = verdict === 'energy' ? [0.5, 0.2, 0.1, 0.9] : [1.5, -0.5, 0.25, -2];
    const real = { logits: tf.tensor(values, [2, 2]) };
    const fake = {
      logits: tf.tensor(
        values.map((value) => value * 0.7),
        [2, 2],
      ),
    };
    const samples = { real: tf.ones([2, 2]), fake: tf.zeros([2, 2]) };
    const evaluate = (loss: ReturnType<typeof createLoss>) => {
      const first = [loss.discriminatorLoss({ real, fake }), loss.generatorLoss({ real, fake, samples })];
      loss.afterDiscriminatorUpdate?.({ real, fake });
      return [...first, loss.discriminatorLoss({ real, fake })].map((scalar) => scalar.dataSync()[0]);
    };
    expect(evaluate(createLoss(name, defaults))).toEqual(evaluate(createLoss(name)));
  });

  it('says how every loss is read', () => {
    const readings = lossEntries.map(({ name, verdict, decision, probabilities }) => {
      const line = typeof decision === 'string' ? decision : decision.threshold;
      return [name, verdict, line, probabilities];
    });
    expect(readings).toEqual([
      ['non-saturating', 'logit', 0, true],
      ['minimax', 'logit', 0, true],
      ['least-squares', 'logit', 0.5, false],
      ['wasserstein', 'logit', 'none', false],
      ['hinge', 'logit', 0, false],
      ['relativistic-average', 'logit', 'above-mean', false],
      ['relativistic-pairing', 'logit', 'pairs', false],
      ['two-class-softmax', 'two-class', 0, true],
      ['f-gan', 'logit', 1, false],
      ['softmax-gan', 'logit', 'pairs', false],
      ['ebgan', 'energy', 'none', false],
      ['began', 'energy', 'none', false],
      ['dual-contrastive', 'logit', 'pairs', false],
      ['squared-error', 'logit', 'none', false],
    ]);
  });

  it('has unique names', () => {
    expect(new Set(lossNames).size).toBe(lossEntries.length);
  });

  it('says which name was meant', () => {
    expect(() => createLoss('non-saturatin')).toThrow(
      "There is no loss named 'non-saturatin'; did you mean 'non-saturating'?",
    );
    expect(() => createLoss('minimax', { labelSmothing: 0.1 })).toThrow("did you mean 'labelSmoothing'?");
    expect(() => createLoss('minimax', { smoothing: 'one-side' })).toThrow("did you mean 'one-sided'?");
  });

  it('refuses values of the wrong type or out of range', () => {
    expect(() => createLoss('minimax', { labelSmoothing: 2 })).toThrow(
      "minimax's option 'labelSmoothing' must be a number from 0 to 1, not 2.",
    );
    expect(() => createLoss('minimax', { labelSmoothing: '0.1' })).toThrow('must be a number, not "0.1".');
    expect(() => createLoss('minimax', { labelFlipping: 0.1 })).toThrow('random stream');
    expect(createLoss('minimax', { labelFlipping: 0.1 }, { random: new RandomStream(1) }).name).toBe('minimax');
    expect(createLoss('began', { gamma: 0.5 }, { random: new RandomStream(1) }).name).toBe('began');
    const misspelt = { randm: new RandomStream(1) } as object;
    expect(() => createLoss('minimax', {}, misspelt)).toThrow(
      "createLoss has no option 'randm'; did you mean 'random'?",
    );
  });

  it('reads options from text', () => {
    const [smoothing, choice] = lossEntry('minimax').options;
    expect(parseOption('minimax', smoothing!, ' 0.25 ')).toBe(0.25);
    expect(parseOption('minimax', choice!, 'symmetric')).toBe('symmetric');
    expect(() => parseOption('minimax', smoothing!, 'much')).toThrow(
      `minimax's option 'labelSmoothing' must be a number, not "much".`,
    );
  });
});
