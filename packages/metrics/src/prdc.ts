// Precision, recall, density and coverage: fidelity and diversity apart, by the nearest neighbours of each sample.
import { checkOptions } from '@gankit/core';
import { countBoth, type Features } from './features.ts';
import { squaredRadii } from './nearest-neighbours.ts';
import { distanceBlocks } from './pairwise.ts';

export interface PrdcOptions {
  /** The distance to this neighbour is the radius of the ball around a sample; 5 when absent (precision and recall were published with 3). */
  readonly neighbours?: number | undefined;
}

export interface Prdc {
  /** Share of generated samples inside the ball of any real one: are they real? */
  readonly precision: number;
  /** Share of real samples inside the ball of any generated one: is all of the data covered? An outlier has a large ball. */
  readonly recall: number;
  /** Mean number of real balls that a generated sample is in, over `neighbours`; 1 is expected of the data itself, and it may be above. */
  readonly density: number;
  /** Share of real samples with a generated one in their ball. */
  readonly coverage: number;
}

/**
 * Precision, recall, density and coverage. A sample is in a ball when its distance is smaller than the radius; at exactly the radius it is
 * outside, so that a set with `neighbours` equal copies of a sample has a ball there that holds nothing.
 * Source: Kynkäänniemi et al. 2019, section 2; Naeem et al. 2020, section 3.
 * @throws GanKitError `invalid-argument` for more neighbours than there are other samples, `incompatible` for features of different
 *   dimensions.
 */
export function prdc(reference: Features, generated: Features, options: PrdcOptions = {}): Prdc {
  checkOptions('prdc', options, { neighbours: 'optional' });
  const { neighbours = 5 } = options;
  const [real, made] = countBoth(reference, generated, 2);
  const radiiOfReal = squaredRadii(reference, neighbours);
  const radiiOfMade = squaredRadii(generated, neighbours);
  const ballsOfMade = new Uint32Array(made);
  const [recalled, covered] = [new Uint8Array(real), new Uint8Array(real)];
  for (const { top, rows, left, columns, squared } of distanceBlocks(reference, generated)) {
    for (let i = 0; i < rows; i++) {
      const radius = radiiOfReal[top + i]!;
      for (let j = 0; j < columns; j++) {
        const distance = squared[i * columns + j]!;
        if (distance < radius) {
          ballsOfMade[left + j]!++;
          covered[top + i] = 1;
        }
        if (distance < radiiOfMade[left + j]!) recalled[top + i] = 1;
      }
    }
  }
  const sum = (values: Uint8Array | Uint32Array) => {
    let total = 0;
    for (const value of values) total += value;
    return total;
  };
  return {
    precision: ballsOfMade.reduce((count, balls) => count + (balls > 0 ? 1 : 0), 0) / made,
    recall: sum(recalled) / real,
    density: sum(ballsOfMade) / (neighbours * made),
    coverage: sum(covered) / real,
  };
}
