// How each loss says that its discriminator is read, against discriminators that know nothing of it: the outputs that minimise the loss
// itself, found by gradient descent.
import { type AdversarialLoss, type Decision, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { divergences, fGan, leastSquares, minimax, nonSaturating, twoClassSoftmax } from './index.ts';
import { losses as named } from './registry/index.ts';

const batch = 8;

/** The outputs on real and on generated samples that descent finds from random ones; `two-class` as the difference of its units. */
function bestOutputs(loss: AdversarialLoss, seed: string) {
  const random = new RandomStream(seed);
  const two = loss.verdict === 'two-class';
  const output = () => tf.variable(random.normalTensor([batch, two ? 2 : 1], 0, 2));
  const [real, fake] = [output(), output()];
  const optimizer = tf.train.adam(0.1);
  for (let step = 0; step < 400; step++) {
    optimizer.minimize(() => loss.discriminatorLoss({ real: { logits: real }, fake: { logits: fake } }), false, [
      real,
      fake,
    ]);
  }
  const read = (variable: tf.Variable) => {
    const values = [...variable.dataSync()];
    return two ? Array.from({ length: batch }, (_, sample) => values[2 * sample]! - values[2 * sample + 1]!) : values;
  };
  const found = { real: read(real), fake: read(fake) };
  tf.dispose([real, fake]);
  optimizer.dispose();
  return found;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (values: readonly boolean[]) => mean(values.map(Number));

/** The share of right decisions on real and on generated samples, straight from the words of the contract. */
function rightDecisions(decision: Exclude<Decision, 'none'>, real: readonly number[], fake: readonly number[]) {
  if (decision === 'pairs') {
    const pairs = share(real.map((value, index) => value > fake[index]!));
    return [pairs, pairs];
  }
  if (decision === 'above-mean') {
    return [share(real.map((value) => value > mean(fake))), share(fake.map((value) => value < mean(real)))];
  }
  const { threshold, real: side = 'above' } = decision;
  const above = (values: readonly number[]) => share(values.map((value) => value > threshold));
  return side === 'above' ? [above(real), 1 - above(fake)] : [1 - above(real), above(fake)];
}

const flipped = (labelFlipping: number) => ({ labelFlipping, random: new RandomStream('flips') });

/** Every registered loss, and those whose options move the line. */
const losses: readonly (readonly [string, () => AdversarialLoss])[] = [
  ...named.names.map((name) => [name, () => named.create({ name }, {})] as const),
  ...divergences.map((divergence) => [`f-gan, ${divergence}`, () => fGan({ divergence })] as const),
  ['non-saturating, one-sided smoothing', () => nonSaturating({ labelSmoothing: 0.4 })],
  ['minimax, symmetric smoothing', () => minimax({ labelSmoothing: 0.4, smoothing: 'symmetric' })],
  ['non-saturating, one label of five flipped', () => nonSaturating(flipped(0.2))],
  ['non-saturating, four labels of five flipped', () => nonSaturating(flipped(0.8))],
  ['two-class-softmax, one-sided smoothing', () => twoClassSoftmax({ labelSmoothing: 0.4 })],
  ['least-squares, Pearson labels', () => leastSquares({ fakeLabel: -1, realLabel: 1, generatorLabel: 0 })],
  ['least-squares, real below generated', () => leastSquares({ fakeLabel: 3, realLabel: 2, generatorLabel: 2 })],
  ['least-squares, all labels flipped', () => leastSquares(flipped(1))],
];

/** Where there is no line: an energy is compared with other energies, and without a game the discriminator learns nothing. */
const withoutLine = ['wasserstein', 'ebgan', 'began', 'squared-error'];

describe('the line between real and generated', () => {
  it('is missing only where there is none', () => {
    expect(named.names.filter((name) => (named.create({ name }, {}).decision ?? 'none') === 'none')).toEqual(
      withoutLine,
    );
  });

  it.each(losses.filter(([name]) => !withoutLine.includes(name)))(
    'of %s has the outputs that minimise the loss on the right sides, and exchanged ones on the wrong sides',
    (_, make) => {
      for (const seed of ['first', 'second']) {
        const loss = make();
        const { real, fake } = bestOutputs(loss, seed);
        const decision = loss.decision as Exclude<Decision, 'none'>;
        expect(rightDecisions(decision, real, fake)).toEqual([1, 1]);
        expect(rightDecisions(decision, fake, real)).toEqual([0, 0]);
      }
    },
  );

  it('moves with a constant added to every output exactly where single outputs mean nothing', () => {
    for (const [name, make] of losses) {
      const loss = make();
      if (loss.verdict === 'two-class' || loss.verdict === 'energy' || name.includes('flipped')) continue;
      const lossAt = (shift: number) => {
        const outputs = (seed: string) => ({ logits: new RandomStream(seed).normalTensor([batch, 1], shift) });
        return loss.discriminatorLoss({ real: outputs('real'), fake: outputs('fake') }).dataSync()[0]!;
      };
      const invariant = Math.abs(lossAt(0) - lossAt(1)) < 1e-5;
      expect(invariant, name).toBe(typeof loss.decision === 'string');
    }
  });
});

/**
 * The best single output for a place where real samples are u times as dense as generated ones: there u dL/dr + dL/df changes its sign, in
 * the middle of the stretch where it is 0.
 */
function bestOutput(loss: AdversarialLoss, u: number): number {
  const slope = (v: number) =>
    tf.tidy(() => {
      // Two tensors: one that is given twice would get the sum of both gradients.
      const output = () => (loss.verdict === 'two-class' ? tf.tensor([[v, 0]]) : tf.tensor([[v]]));
      const [real, fake] = tf.grads((r: tf.Tensor, f: tf.Tensor) =>
        loss.discriminatorLoss({ real: { logits: r }, fake: { logits: f } }),
      )([output(), output()]);
      const value = u * real!.dataSync()[0]! + fake!.dataSync()[0]!;
      return Math.abs(value) < 1e-6 ? 0 : Math.sign(value);
    });
  const lastWhere = (holds: (sign: number) => boolean) => {
    let [low, high] = [-6, 6];
    for (let halving = 0; halving < 30; halving++) {
      const middle = (low + high) / 2;
      if (holds(slope(middle))) low = middle;
      else high = middle;
    }
    return low;
  };
  return (lastWhere((sign) => sign < 0) + lastWhere((sign) => sign <= 0)) / 2;
}

const withThreshold = losses.filter(([name, make]) => typeof make().decision === 'object' && !name.includes('flipped'));

describe('a threshold', () => {
  it.each(withThreshold)('of %s is the best output where real and generated samples are equally dense', (_, make) => {
    const { threshold } = make().decision as { threshold: number };
    expect(bestOutput(make(), 1)).toBeCloseTo(threshold, 3);
  });

  it.each(withThreshold.filter(([name]) => !name.includes('smoothing')))(
    'of %s goes with probabilities exactly where the best output is the log-odds',
    (_, make) => {
      const ratios = [0.3, 0.8, 2.5];
      const logOdds = ratios.every((u) => Math.abs(bestOutput(make(), u) - Math.log(u)) < 1e-3);
      expect(make().probabilities ?? false).toBe(logOdds);
    },
  );

  it("of f-GAN is where the activation has the value of f'(1)", () => {
    /** f of the paper's table 1. */
    const f: Readonly<Record<(typeof divergences)[number], (u: number) => number>> = {
      kl: (u) => u * Math.log(u),
      'reverse-kl': (u) => -Math.log(u),
      pearson: (u) => (u - 1) ** 2,
      'squared-hellinger': (u) => (Math.sqrt(u) - 1) ** 2,
      'jensen-shannon': (u) => -(u + 1) * Math.log((u + 1) / 2) + u * Math.log(u),
    };
    for (const divergence of divergences) {
      const loss = fGan({ divergence });
      const { threshold } = loss.decision as { threshold: number };
      // The generator's alternative objective is -g.
      const activation = -loss.generatorLoss({ fake: { logits: tf.tensor([threshold]) } }).dataSync()[0]!;
      const slopeAtOne = (f[divergence](1 + 1e-5) - f[divergence](1 - 1e-5)) / 2e-5;
      expect(activation, divergence).toBeCloseTo(slopeAtOne, 5);
    }
  });
});

describe('labels that say nothing', () => {
  it('leave no line between real and generated', () => {
    expect(nonSaturating({ labelSmoothing: 1 }).decision).toBe('none');
    expect(minimax(flipped(0.5)).decision).toBe('none');
    expect(leastSquares({ fakeLabel: 0.1, realLabel: 0.3, labelSmoothing: 1, smoothing: 'symmetric' }).decision).toBe(
      'none',
    );
    expect(leastSquares({ fakeLabel: 1, realLabel: 1 }).decision).toBe('none');
  });

  it('leave it exactly where it was as long as both sides are smoothed alike', () => {
    for (const labelSmoothing of [0.1, 0.3, 0.7]) {
      expect(nonSaturating({ labelSmoothing, smoothing: 'symmetric' }).decision).toEqual({ threshold: 0 });
    }
  });
});
