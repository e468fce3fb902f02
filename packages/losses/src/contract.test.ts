// Every adversarial loss goes through the same cases. The references are closed forms in float64, written down apart from
// the code; gradients are compared with central differences of those references.
import { type AdversarialLoss, checkFinite, type DiscriminatorOutput, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type LossReference, lossReferences } from './loss-references.fixture.ts';
import { losses as named } from './registry/index.ts';

const batch = 5;

/** Logits of a batch whose samples have `shape`, as flat float32 numbers. */
function draw(reference: LossReference, shape: readonly number[], seed: string): Float32Array {
  const size = tf.util.sizeFromShape([...shape]);
  const values = new RandomStream(seed).normals(size).map((value) => value * 2);
  return reference.domain === 'energy' ? values.map(Math.abs) : values;
}

function shapesOf(reference: LossReference): readonly (readonly number[])[] {
  return reference.domain === 'two-class' ? [[batch, 2]] : [[batch], [batch, 1], [batch, 3, 2, 1]];
}

/** Central difference of a float64 function of an array. */
function numericalGradient(f: (x: Float64Array) => number, x: Float32Array): Float64Array {
  const step = 1e-5;
  const at = Float64Array.from(x);
  return Float64Array.from(x, (_, index) => {
    const middle = at[index]!;
    at[index] = middle + step;
    const above = f(at);
    at[index] = middle - step;
    const below = f(at);
    at[index] = middle;
    return (above - below) / (2 * step);
  });
}

/** The generator's loss with what it asks for and nothing more; for a loss that compares samples the logits stand in for them. */
function generatorLoss(loss: AdversarialLoss, real: DiscriminatorOutput, fake: DiscriminatorOutput): tf.Scalar {
  const { generatorNeeds = [] } = loss;
  return loss.generatorLoss({
    fake,
    real: generatorNeeds.includes('real') ? real : undefined,
    samples: generatorNeeds.includes('samples') ? { real: real.logits, fake: fake.logits } : undefined,
  });
}

type Players = 'discriminator' | 'generator';

/** Value and gradients with respect to both logits of one player's loss, through TensorFlow.js. */
function evaluate(
  loss: AdversarialLoss,
  player: Players,
  real: Float32Array,
  fake: Float32Array,
  shape: readonly number[],
) {
  const [value, ...gradients] = tf.tidy(() => {
    const inputs = [tf.tensor(real, [...shape]), tf.tensor(fake, [...shape])];
    const { value, grads } = tf.valueAndGrads((r: tf.Tensor, f: tf.Tensor) => {
      const outputs = { real: { logits: r }, fake: { logits: f } };
      const scalar =
        player === 'discriminator' ? loss.discriminatorLoss(outputs) : generatorLoss(loss, outputs.real, outputs.fake);
      // A term of zero keeps both inputs on the tape when a loss reads only one of them.
      return tf.add(scalar, tf.mul(0, tf.add(tf.sum(tf.relu(r)), tf.sum(tf.relu(f))))) as tf.Scalar;
    })(inputs);
    return [value.dataSync()[0]!, ...grads.map((gradient) => gradient.dataSync())] as const;
  });
  return { value, real: gradients[0] as Float32Array, fake: gradients[1] as Float32Array };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < expected.length; index++) {
    const error = Math.abs(actual[index]! - expected[index]!);
    expect(error, `[${index}] ${actual[index]} instead of ${expected[index]}`).toBeLessThan(
      tolerance * Math.max(1, Math.abs(expected[index]!)),
    );
  }
}

describe('the contract of adversarial losses', () => {
  it('has a reference for every registered loss', () => {
    const referenced = new Set(lossReferences.map((reference) => reference.make().name));
    expect([...referenced].sort()).toEqual([...named.names].sort());
  });

  describe.each(lossReferences.map((reference) => [reference.title, reference] as const))('%s', (_, reference) => {
    const players: readonly Players[] = ['discriminator', 'generator'];

    for (const player of players) {
      for (const shape of shapesOf(reference)) {
        it(`has the ${player}'s value and gradients of the closed form for logits of shape [${shape}]`, () => {
          const real = draw(reference, shape, 'real');
          const fake = draw(reference, shape, 'fake');
          const closed = reference[player];
          const actual = evaluate(reference.make(), player, real, fake, shape);
          expectClose([actual.value], [closed(Float64Array.from(real), Float64Array.from(fake))]);
          const wide = (values: Float32Array) => Float64Array.from(values);
          expectClose(
            actual.real,
            numericalGradient((r) => closed(r, wide(fake)), real),
          );
          expectClose(
            actual.fake,
            numericalGradient((f) => closed(wide(real), f), fake),
          );
        });
      }

      it(`keeps the ${player}'s value and gradients finite for logits of 1e4 in size`, () => {
        const shape = reference.domain === 'two-class' ? [2, 2] : [4, 1];
        const signs = reference.domain === 'energy' ? [1e4, 0, 1e4, 0] : [1e4, -1e4, 1e4, -1e4];
        const others = reference.domain === 'energy' ? [0, 1e4, 1e4, 0] : [-1e4, 1e4, 1e4, -1e4];
        const actual = evaluate(reference.make(), player, Float32Array.from(signs), Float32Array.from(others), shape);
        const expected = reference[player](Float64Array.from(signs), Float64Array.from(others));
        if (Number.isFinite(expected)) expectClose([actual.value], [expected]);
        for (const number of [actual.value, ...actual.real, ...actual.fake]) expect(number).toSatisfy(Number.isFinite);
      });

      it(`accepts a batch of one in the ${player}'s loss`, () => {
        const shape = reference.domain === 'two-class' ? [1, 2] : [1, 1];
        const real = draw(reference, shape, 'one real');
        const fake = draw(reference, shape, 'one fake');
        const actual = evaluate(reference.make(), player, real, fake, shape);
        expectClose([actual.value], [reference[player](Float64Array.from(real), Float64Array.from(fake))]);
        for (const number of [...actual.real, ...actual.fake]) expect(number).toSatisfy(Number.isFinite);
      });
    }

    it('returns scalars and leaks no tensor', async () => {
      const loss = reference.make();
      const shape = shapesOf(reference)[0]!;
      const output = (seed: string): DiscriminatorOutput => ({
        logits: tf.tensor(draw(reference, shape, seed), [...shape]),
      });
      const real = output('real');
      const fake = output('fake');
      const round = () => {
        for (const scalar of [loss.discriminatorLoss({ real, fake }), generatorLoss(loss, real, fake)]) {
          expect(scalar.shape).toEqual([]);
          scalar.dispose();
        }
        loss.afterDiscriminatorUpdate?.({ real, fake });
      };
      const before = tf.memory().numTensors;
      round(); // a loss with state makes its variables here
      const settled = tf.memory().numTensors;
      for (let count = 0; count < 5; count++) round();
      expect(tf.memory().numTensors).toBe(settled);
      loss.dispose?.();
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([real.logits, fake.logits]);
    });

    it('gives a generator step no gradient into the real side unless it says so', () => {
      const loss = reference.make();
      const shape = shapesOf(reference)[0]!;
      const { real } = evaluate(
        loss,
        'generator',
        draw(reference, shape, 'real'),
        draw(reference, shape, 'fake'),
        shape,
      );
      const reads = real.some((gradient) => gradient !== 0);
      expect(reads).toBe((loss.generatorNeeds ?? []).length > 0);
    });

    it('is not silent about NaN: the culprit is found by name', async () => {
      const loss = reference.make();
      const shape = shapesOf(reference)[0]!;
      const values = draw(reference, shape, 'fake');
      const real = { logits: tf.tensor(draw(reference, shape, 'real'), [...shape]) };
      const fake = { logits: tf.tensor(values, [...shape]) };
      const broken = { logits: tf.tensor(values.slice().fill(Number.NaN, 0, 2), [...shape]) };
      const report = (fakeOutput: DiscriminatorOutput) =>
        checkFinite({
          'discriminator output on real samples': real.logits,
          'discriminator output on generated samples': fakeOutput.logits,
          [`${loss.name} loss of the discriminator`]: loss.discriminatorLoss({ real, fake: fakeOutput }),
        });
      await expect(report(fake)).resolves.toBeUndefined();
      await expect(report(broken)).rejects.toThrow(/^The discriminator output on generated samples held 2 NaN of/);
      const value = loss.discriminatorLoss({ real, fake: broken });
      await expect(checkFinite({ [`${loss.name} loss`]: value })).rejects.toThrow(
        `The ${loss.name} loss held 1 NaN of 1 values`,
      );
    });
  });
});
