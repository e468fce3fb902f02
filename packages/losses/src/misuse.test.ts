// What is said when a part is used where it does not fit.
import { GanKitError, type PenaltyContext, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  type Divergence,
  featureMatching,
  fGan,
  latentConsistency,
  modeSeeking,
  nonSaturating,
  pathLength,
  pullingAway,
  relativisticAverage,
  relativisticPairing,
  squaredError,
  twoClassSoftmax,
} from './index.ts';

const output = (shape: number[]) => ({ logits: tf.ones(shape) });

const bare: PenaltyContext = {
  step: 0,
  random: new RandomStream(1),
  real: tf.ones([2, 3]),
  fake: tf.ones([2, 3]),
  fakeOutput: output([2, 1]),
  variables: [],
  discriminate: () => output([2, 1]),
  generate: (latent) => latent,
};

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (GanKitError.isInstance(error)) return error.code;
    throw error;
  }
  return 'no error';
}

describe('parts that do not fit', () => {
  it('need the real side in a generator update', () => {
    expect(() => relativisticAverage().generatorLoss({ fake: output([2]) })).toThrow(
      "relativistic-average needs the discriminator's output on real samples in a generator update; give `real`.",
    );
    expect(codeOf(() => squaredError().generatorLoss({ fake: output([2]) }))).toBe('incompatible');
  });

  it('need batches of the same size to be paired', () => {
    expect(codeOf(() => relativisticPairing().discriminatorLoss({ real: output([3, 1]), fake: output([2, 1]) }))).toBe(
      'incompatible',
    );
    const sizes = { real: output([3, 1]), fake: output([2, 1]) };
    expect(codeOf(() => nonSaturating().discriminatorLoss(sizes))).toBe('no error');
  });

  it('need two units for the two-class loss', () => {
    expect(codeOf(() => twoClassSoftmax().generatorLoss({ fake: output([4, 1]) }))).toBe('invalid-shape');
  });

  it('need a divergence that exists', () => {
    expect(() => fGan({ divergence: 'pearsson' as Divergence })).toThrow("did you mean 'pearson'?");
  });

  it('need features and latents', () => {
    for (const penalty of [featureMatching(), pullingAway(), pathLength(), modeSeeking(), latentConsistency()]) {
      expect(codeOf(() => penalty.term(bare))).toBe('incompatible');
      expect((penalty.needsHeads ?? []).length > 0 || penalty.needsLatent).toBe(true);
    }
  });
});
