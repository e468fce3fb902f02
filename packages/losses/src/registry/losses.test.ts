import { type AdversarialLoss, RandomStream } from '@gankit/core';
import { describeOptions, optionFromText } from '@gankit/core/registry';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as functions from '../index.ts';
import { type LossContext, losses } from './index.ts';

const make = (name: string, options: object = {}, context: LossContext = {}) =>
  losses.create({ ...options, name }, context);
const exported: Readonly<Record<string, unknown>> = { ...functions };
/** The function that a library's user calls. */
const functionOf = (name: string) =>
  exported[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] as () => AdversarialLoss;

describe('the registry of losses', () => {
  it.each(losses.names)('makes %s with its own name, and documents it', (name) => {
    const entry = losses.entry(name);
    expect(make(name).name).toBe(name);
    expect(entry.title).not.toBe('');
    expect(entry.source).toMatch(/\d{4}|baseline/);
    for (const option of describeOptions(entry.options)) expect(option.description).toMatch(/^[^.]+$/);
  });

  it.each(losses.names)('lists the defaults that the function %s really has', (name) => {
    const { verdict } = losses.entry(name);
    const values = verdict === 'energy' ? [0.5, 0.2, 0.1, 0.9] : [1.5, -0.5, 0.25, -2];
    const real = { logits: tf.tensor(values, [2, 2]) };
    const fake = {
      logits: tf.tensor(
        values.map((value) => value * 0.7),
        [2, 2],
      ),
    };
    const samples = { real: tf.ones([2, 2]), fake: tf.zeros([2, 2]) };
    const evaluate = (loss: AdversarialLoss) => {
      const first = [loss.discriminatorLoss({ real, fake }), loss.generatorLoss({ real, fake, samples })];
      loss.afterDiscriminatorUpdate?.({ real, fake });
      return [...first, loss.discriminatorLoss({ real, fake })].map((scalar) => scalar.dataSync()[0]);
    };
    expect(evaluate(make(name))).toEqual(evaluate(functionOf(name)()));
  });

  it('says how every loss is read', () => {
    const readings = losses.entries.map(({ name, verdict, decision, probabilities }) => {
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
    expect(new Set(losses.names).size).toBe(losses.entries.length);
  });

  it('says which name was meant', () => {
    expect(() => make('non-saturatin')).toThrow(
      "There is no loss named 'non-saturatin'; did you mean 'non-saturating'?",
    );
    expect(() => make('minimax', { labelSmothing: 0.1 })).toThrow("did you mean 'labelSmoothing'?");
    expect(() => make('minimax', { smoothing: 'one-side' })).toThrow("did you mean 'one-sided'?");
  });

  it('refuses values of the wrong type or out of range', () => {
    expect(() => make('minimax', { labelSmoothing: 2 })).toThrow(
      'minimax: labelSmoothing must be a number from 0 to 1, not 2.',
    );
    expect(() => make('minimax', { labelSmoothing: '0.1' })).toThrow('must be a number from 0 to 1, not "0.1".');
    expect(() => make('minimax', { labelFlipping: 0.1 })).toThrow('random stream');
    expect(make('minimax', { labelFlipping: 0.1 }, { random: new RandomStream(1) }).name).toBe('minimax');
    expect(make('began', { gamma: 0.5 }, { random: new RandomStream(1) }).name).toBe('began');
  });

  it('reads options from text', () => {
    const [smoothing, choice] = describeOptions(losses.entry('minimax').options);
    expect(optionFromText(smoothing!, ' 0.25 ')).toBe(0.25);
    expect(optionFromText(choice!, 'symmetric')).toBe('symmetric');
    expect(() => make('minimax', { labelSmoothing: optionFromText(smoothing!, 'much') })).toThrow(
      'minimax: labelSmoothing must be a number from 0 to 1, not "much".',
    );
  });
});
