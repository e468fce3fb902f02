// What a discriminator's outputs say, read as the loss reads them: plain numbers in, plain numbers out.
import type { AdversarialLoss, Decision, PlayerNumbers, Verdict } from '@gankit/core';

/** How the outputs of a game are read; see the members of the same names in core's `AdversarialLoss`. */
export interface Reading {
  readonly verdict: Verdict;
  readonly decision: Decision;
  readonly probabilities: boolean;
}

/** How a loss reads its discriminator. */
export function readingOf({ verdict = 'logit', decision = 'none', probabilities = false }: AdversarialLoss): Reading {
  return { verdict, decision, probabilities };
}

/** What was read of one update; see core's `PlayerNumbers`. */
export type Judgement = Pick<
  PlayerNumbers,
  'realLogit' | 'fakeLogit' | 'realScore' | 'fakeScore' | 'realAccuracy' | 'fakeAccuracy' | 'accuracy'
>;

/** Logits as they came from the backend: float32 [all values]. */
export interface RawOutputs {
  readonly real?: Float32Array | undefined;
  readonly fake: Float32Array;
}

/** One number for each decision: two units count by their difference. */
function singles(values: Float32Array, verdict: Verdict): Float32Array {
  if (verdict !== 'two-class') return values;
  return Float32Array.from({ length: values.length / 2 }, (_, at) => values[2 * at]! - values[2 * at + 1]!);
}

function meanOf(values: Float32Array, of: (value: number) => number = (value) => value): number {
  let sum = 0;
  for (const value of values) sum += of(value);
  return sum / values.length;
}

function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** 1 for a difference above 0, 0 below, one half for a draw: a discriminator that cannot tell guesses. */
const above = (difference: number) => (difference > 0 ? 1 : difference < 0 ? 0 : 0.5);

/** Shares of right decisions; empty where the loss has no line, or the line needs real samples and there are none. */
function accuracies(
  decision: Decision,
  real: Float32Array | undefined,
  fake: Float32Array,
): Pick<Judgement, 'realAccuracy' | 'fakeAccuracy' | 'accuracy'> {
  if (decision === 'none') return {};
  if (decision === 'pairs') {
    if (real === undefined || real.length !== fake.length) return {};
    return { accuracy: meanOf(real.map((value, at) => above(value - fake[at]!))) };
  }
  if (decision === 'above-mean') {
    if (real === undefined) return {};
    const [meanReal, meanFake] = [meanOf(real), meanOf(fake)];
    const realAccuracy = meanOf(real, (value) => above(value - meanFake));
    const fakeAccuracy = meanOf(fake, (value) => above(meanReal - value));
    return { realAccuracy, fakeAccuracy, accuracy: (realAccuracy + fakeAccuracy) / 2 };
  }
  const { threshold, real: side = 'above' } = decision;
  const toReal = side === 'above' ? 1 : -1;
  const fakeAccuracy = meanOf(fake, (value) => above(toReal * (threshold - value)));
  if (real === undefined) return { fakeAccuracy };
  const realAccuracy = meanOf(real, (value) => above(toReal * (value - threshold)));
  return { realAccuracy, fakeAccuracy, accuracy: (realAccuracy + fakeAccuracy) / 2 };
}

/** Reads the outputs of one update. What has no meaning for the loss is absent. */
export function judge({ verdict, decision, probabilities }: Reading, outputs: RawOutputs): Judgement {
  const real = outputs.real && singles(outputs.real, verdict);
  const fake = singles(outputs.fake, verdict);
  return {
    ...(real && { realLogit: meanOf(real) }),
    fakeLogit: meanOf(fake),
    ...(real && probabilities && { realScore: meanOf(real, sigmoid) }),
    ...(probabilities && { fakeScore: meanOf(fake, sigmoid) }),
    ...accuracies(decision, real, fake),
  };
}
