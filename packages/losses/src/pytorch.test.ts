// Values and gradients of losses and penalties, against those that fixtures/record.py got from PyTorch.
import {
  type AdversarialLoss,
  type NamedVariable,
  type Penalty,
  type PenaltyContext,
  RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import recorded from '../fixtures/recorded.json' with { type: 'json' };
import {
  dragan,
  dualContrastive,
  ebgan,
  featureMatching,
  fGan,
  gradientPenalty,
  hinge,
  leastSquares,
  lecam,
  maximumGradientPenalty,
  minimax,
  modeSeeking,
  nonSaturating,
  pathLength,
  pullingAway,
  r1,
  r2,
  relativisticAverage,
  relativisticPairing,
  softmaxGan,
  twoClassSoftmax,
  wasserstein,
  wassersteinDivergence,
  zeroCenteredGradientPenalty,
} from './index.ts';

const tolerance = 2e-5;

function expectClose(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(actual.length).toBe(expected.length);
  const error = Math.max(
    ...expected.map((value, index) => Math.abs(value - actual[index]!) / Math.max(1, Math.abs(value))),
  );
  expect(error, what).toBeLessThan(tolerance);
}

const losses: Readonly<Record<keyof typeof recorded.losses, () => AdversarialLoss>> = {
  minimax,
  'non-saturating': nonSaturating,
  'non-saturating, smoothed': () => nonSaturating({ labelSmoothing: 0.1 }),
  'least-squares': leastSquares,
  wasserstein,
  hinge,
  'relativistic-average': relativisticAverage,
  'relativistic-pairing': relativisticPairing,
  'two-class-softmax': twoClassSoftmax,
  'softmax-gan': softmaxGan,
  'f-gan, kl': fGan,
  'f-gan, jensen-shannon': () => fGan({ divergence: 'jensen-shannon' }),
  ebgan: () => ebgan({ margin: 2.5 }),
  'dual-contrastive': dualContrastive,
};

describe('losses equal PyTorch', () => {
  it.each(Object.entries(losses))('%s', (name, make) => {
    const record = recorded.losses[name as keyof typeof losses];
    for (const player of ['discriminator', 'generator'] as const) {
      const loss = make();
      const { value, grads } = tf.valueAndGrads((r: tf.Tensor, f: tf.Tensor) => {
        const outputs = { real: { logits: r }, fake: { logits: f } };
        const term = player === 'discriminator' ? loss.discriminatorLoss(outputs) : loss.generatorLoss(outputs);
        return tf.add(term, tf.mul(0, tf.add(tf.sum(r), tf.sum(f)))) as tf.Scalar;
      })([tf.tensor(record.real, record.shape), tf.tensor(record.fake, record.shape)]);
      expectClose(value.dataSync(), [record[player].value], `${player}'s value`);
      expectClose(grads[0]!.dataSync(), record[player].real, `${player}'s gradient on real samples`);
      expectClose(grads[1]!.dataSync(), record[player].fake, `${player}'s gradient on generated samples`);
    }
  });
});

const penalties: Readonly<Record<keyof typeof recorded.penalties, () => Penalty>> = {
  'gradient-penalty': gradientPenalty,
  r1,
  r2,
  dragan,
  'maximum-gradient-penalty': maximumGradientPenalty,
  'zero-centered-gradient-penalty': zeroCenteredGradientPenalty,
  'wasserstein-divergence': wassersteinDivergence,
  lecam,
  'feature-matching': featureMatching,
  'pulling-away': pullingAway,
  'mode-seeking': modeSeeking,
  'path-length': pathLength,
};

interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

const tensorOf = ({ shape, values }: Stored) => tf.tensor(values, shape);
const inputs = recorded.inputs;

/** A stream that gives the recorded draws. */
class RecordedStream extends RandomStream {
  override uniformTensor<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
    return tensorOf(shape[1] === 1 ? inputs.uSample : inputs.uElement) as tf.Tensor<R>;
  }

  override normalTensor<R extends tf.Rank = tf.Rank>(): tf.Tensor<R> {
    return tensorOf(inputs.direction) as tf.Tensor<R>;
  }
}

function variablesOf(stored: Readonly<Record<string, Stored>>): NamedVariable[] {
  return Object.entries(stored).map(([name, entry]) => ({
    name,
    variable: tf.variable(tensorOf(entry)),
    trainable: true,
  }));
}

describe('penalties equal PyTorch', () => {
  const critic = variablesOf(recorded.critic);
  const generator = variablesOf(recorded.generator);
  const get = (variables: readonly NamedVariable[], name: string) =>
    variables.find((named) => named.name === name)!.variable as tf.Tensor as tf.Tensor2D;
  const discriminate = (x: tf.Tensor) => {
    const first = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, get(critic, 'W1')), get(critic, 'b1')));
    const second = tf.leakyRelu(tf.add(tf.matMul(first as tf.Tensor2D, get(critic, 'W2')), get(critic, 'b2')), 0.2);
    return { logits: tf.matMul(second as tf.Tensor2D, get(critic, 'W3')), features: [first, second] };
  };
  const generate = (z: tf.Tensor) =>
    tf.matMul(tf.tanh(tf.matMul(z as tf.Tensor2D, get(generator, 'P'))), get(generator, 'Q'));

  it.each(Object.entries(penalties))('%s', (name, make) => {
    const record = recorded.penalties[name as keyof typeof penalties];
    const penalty = make();
    expect(penalty.player).toBe(record.player);
    const variables = penalty.player === 'discriminator' ? critic : generator;
    const real = tensorOf(inputs.real);
    const latent = tensorOf(inputs.latent);
    const constantFake = generate(latent);
    const { value, grads } = tf.variableGrads(
      () => {
        const fake = penalty.player === 'generator' ? generate(latent) : constantFake;
        const context: PenaltyContext = {
          step: 0,
          random: new RecordedStream(0),
          real,
          fake,
          latent,
          realOutput: discriminate(real),
          fakeOutput: discriminate(fake),
          variables,
          discriminate,
          generate,
        };
        const anchor = tf.addN(variables.map(({ variable }) => tf.sum(variable)));
        return tf.add(penalty.term(context), tf.mul(anchor, 0)) as tf.Scalar;
      },
      variables.map(({ variable }) => variable),
    );
    expectClose(value.dataSync(), [record.value], 'value');
    for (const { name: parameter, variable } of variables) {
      const expected = (record.gradients as Readonly<Record<string, number[]>>)[parameter]!;
      expectClose(grads[variable.name]!.dataSync(), expected, `gradient of ${parameter}`);
    }
    penalty.dispose?.();
  });
});
