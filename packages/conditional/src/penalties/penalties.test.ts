// Every penalty against its formula in float64, its gradient against central differences, and what it refuses.
import {
  type Condition,
  type DiscriminatorOutput,
  type Penalty,
  type PenaltyContext,
  RandomStream,
} from '@gankit/core';
import { mlpDiscriminator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { labelTensor } from '../labels.ts';
import { contrastiveDiscriminator } from '../players/contrastive-discriminator.ts';
import { classification } from './classification.ts';
import { contrastive2C } from './contrastive-2c.ts';
import { mutualInformation } from './mutual-information.ts';
import { reconstruction } from './reconstruction.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const random = (name = 'x') => new RandomStream(1).fork(name);
const draw = (name: string, count: number, scale = 1) =>
  Array.from(random(name).normals(count), (value) => scale * value);

/** A context in which only what penalties of classes read is filled in. */
function context(of: Partial<PenaltyContext>): PenaltyContext {
  const samples = tf.zeros([1, 1]);
  const output: DiscriminatorOutput = { logits: samples };
  return {
    step: 0,
    random: random(),
    real: samples,
    fake: samples,
    fakeOutput: output,
    variables: [],
    discriminate: () => output,
    generate: () => samples,
    ...of,
  };
}

/** d f / d values by central differences. */
function differences(f: (values: readonly number[]) => number, values: readonly number[], step = 1e-5): number[] {
  return values.map((_, index) => {
    const at = (shift: number) => f(values.map((value, other) => (other === index ? value + shift : value)));
    return (at(step) - at(-step)) / (2 * step);
  });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index++) {
    expect(Math.abs(actual[index]! - expected[index]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[index]!)));
  }
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const logSoftmax = (row: readonly number[]) => {
  const highest = Math.max(...row);
  const log = highest + Math.log(sumOf(row.map((value) => Math.exp(value - highest))));
  return row.map((value) => value - log);
};
const rowsOf = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

/** Value and gradient of a term as a function of one tensor, against float64. */
function expectTerm(
  penalty: Penalty,
  build: (x: tf.Tensor2D) => Partial<PenaltyContext>,
  reference: (values: readonly number[]) => number,
  values: readonly number[],
  shape: [number, number],
): void {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const x = tf.tensor2d([...values], shape);
    const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => penalty.term(context(build(input as tf.Tensor2D))))(
      x,
    );
    expectClose(value.dataSync(), [reference(values)]);
    expectClose(grad.dataSync(), differences(reference, values), 1e-4);
  });
  expect(tf.memory().numTensors).toBe(before);
}

describe('classification', () => {
  const classes = 3;
  const [realLabels, fakeLabels] = [
    [2, 0, 1, 2],
    [0, 0, 1, 1],
  ];
  const fixed = draw('real', 12, 2);
  const crossEntropy = (values: readonly number[], labels: readonly number[], weights = [1, 1, 1]) => {
    const terms = rowsOf(values, classes).map(
      (row, index) => -weights[labels[index]!]! * logSoftmax(row)[labels[index]!]!,
    );
    return sumOf(terms) / sumOf(labels.map((label) => weights[label]!));
  };
  const told = () => ({
    condition: { labels: labelTensor(realLabels, classes) },
    fakeCondition: { labels: labelTensor(fakeLabels, classes) },
  });
  const output = (logits: tf.Tensor2D): DiscriminatorOutput => ({ logits, heads: { class: logits } });
  const real = () => output(tf.tensor2d(fixed, [4, classes]));

  test('generator: cross-entropy of the fakes with the classes that they were to have', () => {
    expectTerm(
      classification({ player: 'generator' }),
      (x) => ({ fakeOutput: output(x), ...told() }),
      (values) => crossEntropy(values, fakeLabels),
      draw('fake', 12, 2),
      [4, classes],
    );
  });

  test.each([
    ['real-and-generated', 1],
    ['real', 0],
  ] as const)('discriminator, learns from %s', (learnsFrom, share) => {
    const penalty = classification({ player: 'discriminator', learnsFrom });
    const values = draw('logits', 12, 2);
    expectTerm(
      penalty,
      (x) => ({ realOutput: output(x), fakeOutput: real(), ...told() }),
      (logits) => crossEntropy(logits, realLabels) + share * crossEntropy(fixed, fakeLabels),
      values,
      [4, classes],
    );
    if (share === 0) return;
    expectTerm(
      penalty,
      (x) => ({ realOutput: real(), fakeOutput: output(x), ...told() }),
      (logits) => crossEntropy(fixed, realLabels) + crossEntropy(logits, fakeLabels),
      values,
      [4, classes],
    );
  });

  test('class weights, as in PyTorch: the sum over the sum of weights; none of a batch that does not count', () => {
    const weights = [0.5, 2, 0];
    expectTerm(
      classification({ player: 'generator', classWeights: weights }),
      (x) => ({ fakeOutput: output(x), ...told() }),
      (values) => crossEntropy(values, fakeLabels, weights),
      draw('fake', 12, 2),
      [4, classes],
    );
    const uncounted = { fakeCondition: { labels: labelTensor([2, 2, 2, 2], classes) } };
    const term = classification({ player: 'generator', classWeights: weights }).term(
      context({ fakeOutput: real(), ...uncounted }),
    );
    expect(term.dataSync()[0]).toBe(0);
  });

  test('the condition of the real samples holds for the fakes where they have none of their own; soft classes', () => {
    const penalty = classification({ player: 'generator' });
    const vectors = tf.tensor2d(realLabels.map((label) => [0, 1, 2].map((other) => (other === label ? 0.8 : 0.1))));
    const soft = penalty.term(context({ fakeOutput: real(), condition: { vectors } }));
    const expected = sumOf(
      rowsOf(fixed, 3).map(
        (row, index) => -dot(logSoftmax(row), [...vectors.dataSync().slice(3 * index, 3 * index + 3)]),
      ),
    );
    expectClose(soft.dataSync(), [expected / 4]);
  });

  test('codes beside labels are no class weights, nor are the codes of the fakes said of the real samples', () => {
    const codes = { vectors: tf.tensor2d(draw('codes', 8), [4, 2]) };
    const labelled = told();
    const fakeCondition = { ...labelled.fakeCondition, ...codes };
    const value = (condition: Condition | undefined) =>
      classification({ player: 'discriminator' })
        .term(context({ realOutput: real(), fakeOutput: real(), condition, fakeCondition }))
        .dataSync();
    expectClose(value(labelled.condition), [crossEntropy(fixed, realLabels) + crossEntropy(fixed, fakeLabels)]);
    expect(() => value(undefined)).toThrow('classification needs to know the class of each sample');
    const onlyCodes = context({ fakeOutput: real(), fakeCondition: codes });
    expect(() => classification({ player: 'generator' }).term(onlyCodes)).toThrow(
      'classification needs vectors that are float32 of shape [4, 3], not float32 of shape [4, 2].',
    );
  });

  test('stays finite for logits of ten thousand', () => {
    const extreme = output(tf.tensor2d([[1e4, -1e4, 0]]));
    const term = classification({ player: 'generator' }).term(
      context({ fakeOutput: extreme, fakeCondition: { labels: labelTensor([1], 3) } }),
    );
    expect(term.dataSync()[0]).toBe(2e4);
  });

  test('what is missing is said', () => {
    const penalty = classification({ player: 'discriminator' });
    const refuse = (of: Partial<PenaltyContext>, message: string, of2 = penalty) =>
      expect(() => of2.term(context(of))).toThrow(message);
    refuse({ fakeOutput: real(), ...told() }, "needs the discriminator's outputs on real samples");
    refuse({ realOutput: { logits: tf.zeros([4, 1]) }, ...told() }, "needs a discriminator with the head 'class'");
    refuse({ realOutput: real(), fakeOutput: real() }, 'classification needs to know the class of each sample');
    refuse(
      { fakeOutput: real(), ...told() },
      'classification has 2 class weights, but the discriminator knows 3 classes.',
      classification({ player: 'generator', classWeights: [1, 2] }),
    );
    expect(() => classification({ player: 'generator', classWeights: [1, -1] })).toThrow('classWeights[1]');
    expect(() => classification({ player: 'generator', weight: -1 })).toThrow("classification's weight");
    expect(penalty.weight).toBe(1);
  });
});

describe('contrastive2C', () => {
  const [classes, size, batch, length] = [3, 4, 5, 2];
  const labels = [2, 0, 2, 1, 2];
  const make = () => {
    const inner = mlpDiscriminator({ inputShape: [length], hidden: [length], random: random('mlp') });
    return contrastiveDiscriminator(inner, { classes, size, random: random('contrastive') });
  };
  /** The loss as the paper writes it, of the last feature. */
  const reference = (discriminator: ReturnType<typeof make>, temperature: number) => {
    const [kernel, bias, table] = discriminator.variables.slice(-3).map(({ variable }) => [...variable.dataSync()]);
    const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));
    const columns = (row: readonly number[]) =>
      bias!.map((start, column) => start + sumOf(row.map((value, input) => value * kernel![input * size + column]!)));
    const e = labels.map((label) => unit(rowsOf(table!, size)[label]!));
    return (values: readonly number[]) => {
      const l = rowsOf(values, length).map((row) => unit(columns(row)));
      const terms = l.map((row, i) => {
        const own = Math.exp(dot(row, e[i]!) / temperature);
        const others = l.map((other, k) => (k === i ? 0 : Math.exp(dot(row, other) / temperature)));
        const same = others.filter((_, k) => labels[k] === labels[i]);
        return -Math.log((own + sumOf(same)) / (own + sumOf(others)));
      });
      return sumOf(terms) / batch;
    };
  };
  const output = (feature: tf.Tensor2D): DiscriminatorOutput => ({ logits: feature, features: [feature] });

  test.each([
    ['generator', 1],
    ['discriminator', 0.3],
  ] as const)('%s: the paper’s formula at temperature %d, and its gradient', (player, temperature) => {
    const discriminator = make();
    const condition: Condition = { labels: labelTensor(labels, classes) };
    const other: Condition = { labels: labelTensor([0, 0, 0, 0, 0], classes) };
    const elsewhere = output(tf.ones([batch, length]));
    expectTerm(
      contrastive2C({ player, discriminator, temperature }),
      (x) =>
        player === 'generator'
          ? { fakeOutput: output(x), realOutput: elsewhere, condition: other, fakeCondition: condition }
          : { realOutput: output(x), fakeOutput: elsewhere, condition, fakeCondition: other },
      reference(discriminator, temperature),
      draw('feature', batch * length),
      [batch, length],
    );
    discriminator.dispose();
  });

  test('reaches both embeddings; 0 where all samples are of one class; finite at a low temperature', () => {
    const discriminator = make();
    const feature = tf.tensor2d(draw('feature', batch * length), [batch, length]);
    const term = (values: readonly number[], temperature = 1) =>
      contrastive2C({ player: 'generator', discriminator, temperature }).term(
        context({ fakeOutput: output(feature), fakeCondition: { labels: labelTensor(values, classes) } }),
      );
    const own = discriminator.variables.slice(-3).map(({ variable }) => variable);
    const { grads } = tf.variableGrads(() => term(labels), own);
    for (const variable of own) expect(grads[variable.name]!.abs().max().dataSync()[0]).toBeGreaterThan(1e-3);
    expect(Math.abs(term([1, 1, 1, 1, 1]).dataSync()[0]!)).toBeLessThan(1e-6);
    const cold = tf.variableGrads(() => term([0, 1, 2, 0, 1], 0.005), own);
    expect(Number.isFinite(cold.value.dataSync()[0])).toBe(true);
    for (const gradient of Object.values(cold.grads)) expect(gradient.isFinite().all().dataSync()[0]).toBe(1);
    discriminator.dispose();
  });

  test('what is missing is said', () => {
    const discriminator = make();
    const penalty = contrastive2C({ player: 'discriminator', discriminator });
    expect(() => penalty.term(context({}))).toThrow("needs the discriminator's outputs on real samples");
    expect(() => penalty.term(context({ realOutput: output(tf.ones([2, length])) }))).toThrow('was told none');
    expect(() => contrastive2C({ player: 'generator', discriminator, temperature: 0 })).toThrow('temperature must be');
    discriminator.dispose();
  });
});

describe('mutualInformation', () => {
  const codes = { categorical: [3, 2], continuous: 2 };
  const code = [
    [0, 1, 0, 1, 0, 0.3, -0.7],
    [0, 0, 1, 0, 1, -0.1, 0.9],
  ];
  const gaussian = (c: number, mean: number, logVariance: number) =>
    0.5 * (Math.log(2 * Math.PI) + logVariance + (c - mean) ** 2 * Math.exp(-logVariance));
  const reference = (learned: boolean) => (values: readonly number[]) => {
    const terms = rowsOf(values, learned ? 9 : 7).map((row, index) => {
      const c = code[index]!;
      const choices =
        -dot(logSoftmax(row.slice(0, 3)), c.slice(0, 3)) - dot(logSoftmax(row.slice(3, 5)), c.slice(3, 5));
      return (
        choices + gaussian(c[5]!, row[5]!, learned ? row[7]! : 0) + gaussian(c[6]!, row[6]!, learned ? row[8]! : 0)
      );
    });
    return sumOf(terms) / 2;
  };
  const condition = () => ({ fakeCondition: { vectors: tf.tensor2d(code) } });
  const head = (logits: tf.Tensor2D) => ({ fakeOutput: { logits, heads: { code: logits } } });

  test.each(['generator', 'discriminator'] as const)('%s: -mean log q(c|x), learned and unit variance', (player) => {
    for (const [variance, width] of [
      ['learned', 9],
      ['unit', 7],
    ] as const) {
      expectTerm(
        mutualInformation({ player, codes, variance }),
        (x) => ({ ...head(x), ...condition() }),
        reference(width === 9),
        draw('head', 2 * width),
        [2, width],
      );
    }
  });

  test('a code or a head that does not fit is refused', () => {
    const { term } = mutualInformation({ player: 'generator', codes });
    const fault =
      'mutual-information needs vectors of 7 numbers and a head of 9 outputs, not [2,7] and [2,7]; use codes() and codeHead() with the same parts.';
    expect(() => term(context({ ...head(tf.zeros([2, 7])), ...condition() }))).toThrow(fault);
    expect(() => term(context(head(tf.zeros([2, 9]))))).toThrow('not [none] and [2,9]');
    const short = { fakeCondition: { vectors: tf.zeros<tf.Rank.R2>([2, 6]) } };
    expect(() => term(context({ ...head(tf.zeros([2, 9])), ...short }))).toThrow('float32 of shape [2, 7]');
    expect(() => mutualInformation({ player: 'generator', codes: {} })).toThrow('A code needs at least one part');
  });
});

test('each says what it reads', () => {
  const discriminator = { embeddings: () => expect.fail('nothing is embedded here') };
  const codes = { continuous: 1 };
  for (const player of ['discriminator', 'generator'] as const) {
    expect(classification({ player })).toMatchObject({ player, needsHeads: ['class'], needsCondition: ['class'] });
    expect(mutualInformation({ player, codes })).toMatchObject({
      player,
      needsHeads: ['code'],
      needsCondition: ['vectors'],
    });
    expect(contrastive2C({ player, discriminator })).toMatchObject({
      player,
      needsHeads: ['features'],
      needsCondition: ['class'],
    });
  }
  expect(reconstruction().needsHeads ?? []).toEqual([]);
  expect(reconstruction({ weight: 3, interval: 2 })).toMatchObject({ weight: 3, interval: 2 });
  expect(() => reconstruction({ interval: 0 })).toThrow("reconstruction's interval must be a whole number");
});

test.each(['l1', 'l2'] as const)('reconstruction: %s between the sample and the real one', (norm) => {
  const real = draw('real', 6);
  const penalty = reconstruction({ norm });
  expect([penalty.name, penalty.player, penalty.weight]).toEqual(['reconstruction', 'generator', 100]);
  expectTerm(
    penalty,
    (x) => ({ real: tf.tensor2d(real, [2, 3]), fake: x }),
    (values) =>
      sumOf(
        values.map((value, index) => (norm === 'l1' ? Math.abs(value - real[index]!) : (value - real[index]!) ** 2)),
      ) / 6,
    draw('fake', 6),
    [2, 3],
  );
});
