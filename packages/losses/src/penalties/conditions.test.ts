// Which samples each penalty judges, and under which condition: with players that are told different things of real and of fake samples.
import { type Condition, type Penalty, type PenaltyContext, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  balancedConsistency,
  consistency,
  dragan,
  featureMatching,
  gradientPenalty,
  historicalAveraging,
  latentConsistency,
  lecam,
  maximumGradientPenalty,
  modeSeeking,
  pathLength,
  pullingAway,
  r1,
  r2,
  wassersteinDivergence,
  zeroCenteredGradientPenalty,
} from '../index.ts';
import { penalties as named } from '../registry/index.ts';

const labels = (values: number[]): Condition => ({ labels: tf.tensor1d(values, 'int32') });

/** Real samples lie around 10, generated ones around -10; the generator makes its latents' values less 10. */
function spiedGame(told: {
  readonly condition?: Condition | undefined;
  readonly fakeCondition?: Condition | undefined;
}) {
  const asked: string[] = [];
  let generated = 0;
  const real = tf.tensor([10, 11, 12, 13], [2, 2]);
  const latent = tf.tensor([0, 1, 2, 3], [2, 2]);
  const fake = tf.sub(latent, 10);
  const kindOf = (samples: tf.Tensor) => {
    const middle = samples.mean().dataSync()[0]!;
    if (middle > 9) return 'real';
    return middle < -7 ? 'generated' : 'between';
  };
  const judge = (samples: tf.Tensor) => ({ logits: tf.mean(samples, 1), features: [samples] });
  const context: PenaltyContext = {
    step: 0,
    random: new RandomStream(1),
    real,
    fake,
    latent,
    ...told,
    realOutput: judge(real),
    fakeOutput: judge(fake),
    variables: [],
    discriminate(samples, conditionOf = 'real') {
      asked.push(`${kindOf(samples)} under ${conditionOf}`);
      return judge(samples);
    },
    generate(z) {
      generated++;
      return tf.sub(z, 10);
    },
  };
  return {
    play(penalty: Penalty) {
      const value = penalty.term(context).dataSync()[0]!;
      penalty.dispose?.();
      return { asked, generated, value };
    },
  };
}

const differing = { condition: labels([0, 1]), fakeCondition: labels([2, 3]) };

describe('penalties judge samples under their own condition', () => {
  const table: readonly (readonly [Penalty, readonly string[], number])[] = [
    [r1(), ['real under real'], 0],
    [r2(), ['generated under fake'], 0],
    [wassersteinDivergence(), ['real under real', 'generated under fake'], 0],
    [dragan(), ['real under real'], 0],
    [gradientPenalty(), ['between under real'], 0],
    [maximumGradientPenalty(), ['between under real'], 0],
    [zeroCenteredGradientPenalty(), ['between under real'], 0],
    [consistency(), ['real under real'], 0],
    [balancedConsistency(), ['generated under fake', 'real under real'], 0],
    [latentConsistency(), ['generated under fake'], 1],
    [latentConsistency({ player: 'generator' }), [], 1],
    [modeSeeking(), [], 1],
    [pathLength(), [], 1],
    [lecam(), [], 0],
    [featureMatching(), [], 0],
    [pullingAway(), [], 0],
    [historicalAveraging(), [], 0],
  ];

  it('has a row for every penalty', () => {
    expect([...new Set(table.map(([{ name }]) => name))].sort()).toEqual([...named.names].sort());
  });

  it.each(table.map((row) => [`${row[0].name} of the ${row[0].player}`, ...row] as const))(
    '%s',
    (_, penalty, asked, generated) => {
      expect(spiedGame(differing).play(penalty)).toMatchObject({ asked, generated });
    },
  );
});

describe('mode seeking compares samples that are told the same', () => {
  const neighbours = { generated: 0 };
  const again = { generated: 1 };

  it('takes neighbours of the batch when nothing is told', () => {
    expect(spiedGame({}).play(modeSeeking())).toMatchObject(neighbours);
  });

  it('generates again when only generated samples are told something, such as a code', () => {
    expect(spiedGame({ fakeCondition: labels([0, 1]) }).play(modeSeeking())).toMatchObject(again);
  });

  it('generates again when both are told the same', () => {
    expect(spiedGame({ condition: labels([0, 1]) }).play(modeSeeking())).toMatchObject(again);
  });

  it('has the same value either way for a generator that does not listen', () => {
    const { value } = spiedGame({}).play(modeSeeking());
    expect(spiedGame(differing).play(modeSeeking()).value).toBeCloseTo(value, 6);
  });
});

describe('consistency of images that are judged beside an image', () => {
  const image = tf.range(0, 16).reshape([1, 4, 4, 1]).tile([8, 1, 1, 1]);
  const changedBy = (condition: Condition | undefined) => {
    let seen: tf.Tensor | undefined;
    const context = {
      real: image,
      condition,
      random: new RandomStream(3),
      realOutput: { logits: tf.zeros([8, 1]) },
      discriminate(samples: tf.Tensor) {
        seen = tf.keep(samples);
        return { logits: tf.zeros([8, 1]) };
      },
    } as unknown as PenaltyContext;
    consistency().term(context).dispose();
    return tf.max(tf.abs(tf.sub(seen!, image))).dataSync()[0]!;
  };

  it('moves an image that stands for itself, and not one whose partner stays', () => {
    expect(changedBy(undefined)).toBeGreaterThanOrEqual(1);
    expect(changedBy(labels([0, 0, 0, 0, 0, 0, 0, 0]))).toBeGreaterThanOrEqual(1);
    const beside = changedBy({ images: image as tf.Tensor4D });
    expect(beside).toBeGreaterThan(0);
    expect(beside).toBeLessThan(0.5);
  });
});
