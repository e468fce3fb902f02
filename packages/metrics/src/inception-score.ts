// The Inception score: samples that a classifier is sure of, of every class.
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';
import { countRows, type Features } from './features.ts';

export interface InceptionScoreOptions {
  /** Parts that the samples are divided into in their order, each scored alone; 10 when absent. */
  readonly splits?: number | undefined;
}

export interface InceptionScore {
  /** The mean over the parts: 1 at worst, the number of classes at best. */
  readonly score: number;
  /** The standard deviation over the parts (divided by their number, as is usual). */
  readonly standardDeviation: number;
}

/** How far a row may be from a sum of 1: float32 rounding over a thousand classes. */
const tolerance = 1e-3;

function checkProbabilities({ values, dimensions }: Features, count: number): void {
  for (let row = 0; row < count; row++) {
    let sum = 0;
    let least = 0;
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) {
      sum += values[at]!;
      least = Math.min(least, values[at]!);
    }
    if (least >= 0 && Math.abs(sum - 1) <= tolerance) continue;
    throw new GanKitError(
      'invalid-argument',
      `Row ${row} of the class probabilities has the sum ${sum} and the least value ${least}; give probabilities, not logits.`,
      { value: row },
    );
  }
}

/**
 * exp(mean KL(p(class | sample) || p(class))). It knows no real data: a generator that makes one perfect sample of each class has the best
 * score there is.
 * Source: Salimans et al. 2016, section 4.
 *
 * @param probabilities A classifier's probabilities: a row of classes for each sample.
 * @throws GanKitError `invalid-argument` for rows that are no probabilities, or more splits than samples.
 */
export function inceptionScore(probabilities: Features, options: InceptionScoreOptions = {}): InceptionScore {
  checkOptions('inceptionScore', options, { splits: 'optional' });
  const { splits = 10 } = options;
  checkInteger('splits', splits);
  const count = countRows('the class probabilities', probabilities);
  checkProbabilities(probabilities, count);
  if (splits > count) {
    throw new GanKitError('invalid-argument', `splits must be at most the ${count} samples, not ${splits}.`, {
      value: splits,
    });
  }
  const { values, dimensions } = probabilities;
  const scores = Array.from({ length: splits }, (_, split) => {
    const [from, to] = [Math.floor((split * count) / splits), Math.floor(((split + 1) * count) / splits)];
    const marginal = new Float64Array(dimensions);
    for (let at = from * dimensions; at < to * dimensions; at++)
      marginal[at % dimensions]! += values[at]! / (to - from);
    let divergence = 0;
    for (let at = from * dimensions; at < to * dimensions; at++) {
      const value = values[at]!;
      if (value > 0) divergence += value * (Math.log(value) - Math.log(marginal[at % dimensions]!));
    }
    return Math.exp(divergence / (to - from));
  });
  const score = scores.reduce((sum, each) => sum + each, 0) / splits;
  const variance = scores.reduce((sum, each) => sum + (each - score) ** 2, 0) / splits;
  return { score, standardDeviation: Math.sqrt(variance) };
}
