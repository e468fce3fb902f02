// What a gradient says, for somebody who meets one for the first time.
import type { GradientShare } from '@gankit/trainer';

/** The numbers of an explanation. */
export interface ExplainedNumbers {
  /** Steps behind the players. */
  readonly step: number;
  readonly samples: number;
  /** Numbers of a sample that have a gradient each. */
  readonly sampleSize: number;
  /** The generator's loss of these samples: the one number. */
  readonly loss: number;
  /** The Euclidean norm of its gradient over all samples. */
  readonly gradientNorm: number;
  /** The share of a sample's numbers that holds half of the gradient's square, as a mean over the samples, 0 to 1. */
  readonly halfOfGradient: number;
  /** The generator's loss after every sample has followed its gradient a little: no number of it by more than a tenth of the data's range. */
  readonly lossAfter: number;
  /** D(G(z)) before and after; absent where the loss has no probabilities. */
  readonly scores?: { readonly before: number; readonly after: number } | undefined;
  /** What arrives in each layer of the generator. */
  readonly layers: readonly GradientShare[];
}

const short = (value: number) => String(Number(value.toPrecision(3)));
const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;

/** Layers that are named. */
const mostLayers = 3;

/** @param place What one number of a sample is called: `pixel`. */
export function explanationWords(numbers: ExplainedNumbers, place: string): string[] {
  const { step, samples, sampleSize, loss, gradientNorm, halfOfGradient, lossAfter, scores, layers } = numbers;
  const first = `After step ${step.toLocaleString('en')}, the generator's loss of ${samples} samples is one number: ${short(loss)}.`;
  if (gradientNorm === 0) {
    return [
      first,
      'Its gradient is 0 everywhere: the discriminator is so sure, or so indifferent, that it tells the generator nothing.',
    ];
  }
  const each = `Followed back through the discriminator, it becomes ${(samples * sampleSize).toLocaleString('en')} numbers, one for each ${place} of each sample: how the loss changes when that ${place} does. Their norm is ${short(gradientNorm)}.`;
  const where = `Half of what is said to a sample is said to ${percent(halfOfGradient)} of its ${place}s.`;
  const better =
    scores === undefined
      ? `the loss would go from ${short(loss)} to ${short(lossAfter)}`
      : `D(G(z)) would go from ${short(scores.before)} to ${short(scores.after)}, and the loss from ${short(loss)} to ${short(lossAfter)}`;
  const follow = `If every ${place} followed its number, none by more than a tenth of its range, ${better}.`;
  const parts = [...layers]
    .sort((a, b) => b.share - a.share)
    .slice(0, mostLayers)
    .map(({ name, share }) => `${percent(share)} to '${name}'`);
  const inside = `The generator cannot move pixels, only weights: of what arrives there, ${parts.join(', ')}.`;
  return [first, each, where, follow, ...(parts.length === 0 ? [] : [inside.replace('pixels', `${place}s`)])];
}
