// How many modes of a known mixture a generator hits, how exactly, and how evenly.
import { checkInteger, checkNumber, checkOptions, formatShape, GanKitError } from '@gankit/core';

/** What the samples are measured against. */
export interface ModeCoverageOptions {
  /** The centre of each mode, in the data's own units: at least one, all of the same length. */
  readonly modes: readonly (readonly number[])[];
  /** Standard deviation of each mode along each axis, in the data's own units; more than 0. */
  readonly standardDeviation: number;
  /** A sample is of high quality when it lies within this many standard deviations of a mode's centre; 3 when absent. */
  readonly within?: number | undefined;
  /** A mode counts as found when it has at least this many high-quality samples; 1 when absent. */
  readonly samplesToFind?: number | undefined;
  /** Samples are multiplied by this first: a data source's `scale`, which leads from [-1, 1] to its own units; 1 when absent. */
  readonly scale?: number | undefined;
}

/** The three numbers of the mode-collapse tables, and what they were counted from. */
export interface ModeCoverage {
  /** Modes with enough high-quality samples. */
  readonly modesFound: number;
  /** Modes there are. */
  readonly modes: number;
  /** Share of the samples that lie near a mode, 0 to 1. */
  readonly highQualityShare: number;
  /**
   * KL(generated || uniform) in nats, over the modes; every sample counts for its nearest mode. 0 when the modes are hit
   * evenly, log(modes) when only one is.
   */
  readonly reverseKl: number;
  /** Number of samples. */
  readonly samples: number;
  /** Samples nearest to each mode, in the order of `modes`. */
  readonly counts: readonly number[];
  /** High-quality samples of each mode, in the order of `modes`. */
  readonly highQualityCounts: readonly number[];
}

function checkModes(modes: ModeCoverageOptions['modes']): number {
  const dimensions = modes[0]?.length ?? 0;
  if (dimensions === 0 || modes.some((mode) => mode.length !== dimensions || !mode.every(Number.isFinite))) {
    throw new GanKitError(
      'invalid-argument',
      `modes must be at least one point, all of the same length and finite, not ${modes.length} of lengths ${formatShape(modes.map((mode) => mode.length))}.`,
    );
  }
  return dimensions;
}

/**
 * Mode coverage of samples from a mixture of round Gaussians, such as a ring of 8 or a grid of 25.
 *
 * The protocol of VEEGAN and PacGAN: 2,500 samples, high quality within 3 standard deviations.
 * Source: Srivastava et al. 2017, section 4.1; Lin et al. 2018, section 4.1.
 *
 * @param samples One point after the other: [N, dimensions] in a flat array.
 * @throws GanKitError `invalid-argument` for options that are unknown or missing, modes or numbers that make no sense, `invalid-shape` when the samples are not
 *   whole points or there are none, `numerical` when a coordinate is NaN or infinite.
 */
export function modeCoverage(samples: ArrayLike<number>, options: ModeCoverageOptions): ModeCoverage {
  checkOptions('modeCoverage', options, {
    modes: 'required',
    standardDeviation: 'required',
    within: 'optional',
    samplesToFind: 'optional',
    scale: 'optional',
  });
  const { modes, standardDeviation, within = 3, samplesToFind = 1, scale = 1 } = options;
  const dimensions = checkModes(modes);
  checkNumber('standardDeviation', standardDeviation, Number.MIN_VALUE);
  checkNumber('within', within, 0);
  checkNumber('scale', scale);
  checkInteger('samplesToFind', samplesToFind);
  const count = samples.length / dimensions;
  if (!Number.isInteger(count) || count === 0) {
    throw new GanKitError(
      'invalid-shape',
      `Samples of ${dimensions} coordinates need a multiple of ${dimensions} numbers, at least one, not ${samples.length}.`,
      { value: samples.length },
    );
  }

  const counts = new Array<number>(modes.length).fill(0);
  const highQualityCounts = new Array<number>(modes.length).fill(0);
  const limit = (within * standardDeviation) ** 2;
  for (let sample = 0; sample < count; sample++) {
    let nearest = -1;
    let nearestSquare = Number.POSITIVE_INFINITY;
    modes.forEach((mode, index) => {
      let square = 0;
      for (let axis = 0; axis < dimensions; axis++) {
        square += (samples[sample * dimensions + axis]! * scale - mode[axis]!) ** 2;
      }
      if (square < nearestSquare) [nearest, nearestSquare] = [index, square];
    });
    if (nearest < 0) {
      throw new GanKitError('numerical', `Sample ${sample} is not finite; the generator has diverged.`, {
        value: sample,
      });
    }
    counts[nearest]!++;
    if (nearestSquare <= limit) highQualityCounts[nearest]!++;
  }

  const reverseKl = counts.reduce((sum, hits) => {
    const share = hits / count;
    return hits === 0 ? sum : sum + share * Math.log(share * modes.length);
  }, 0);
  return {
    modesFound: highQualityCounts.filter((hits) => hits >= samplesToFind).length,
    modes: modes.length,
    highQualityShare: highQualityCounts.reduce((sum, hits) => sum + hits, 0) / count,
    reverseKl: Math.max(reverseKl, 0),
    samples: count,
    counts,
    highQualityCounts,
  };
}
