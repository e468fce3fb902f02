// A distribution that somebody painted: a square of cells, each as likely as its digit says.
import { checkOptions, GanKitError } from '@gankit/core';
import { type PointDistribution, pointDistribution } from './point-distribution.ts';

export interface PaintedDistributionOptions {
  /**
   * The painting, row by row from the top, the rows of equal length to one another and to their number: a digit for each cell, 0 for empty to
   * 9 for nine times as likely as 1. `'0110' + '1001' + '1001' + '0110'` is a ring.
   */
  readonly cells: string;
}

/** Cells along a side; more would say no more of a distribution over points. */
const longestSide = 128;

/** @throws GanKitError `invalid-argument` for a text that is no painting. */
function checkedSide(cells: string): number {
  const side = Math.sqrt(cells.length);
  if (!/^[0-9]+$/.test(cells) || !Number.isInteger(side) || side > longestSide) {
    throw new GanKitError(
      'invalid-argument',
      `A painting is one digit for each cell of a square of at most ${longestSide} cells a side, not ${cells.length} characters${/[^0-9]/.test(cells) ? ' of other kinds' : ''}.`,
      { value: cells.length },
    );
  }
  if (/^0+$/.test(cells)) {
    throw new GanKitError('invalid-argument', 'The painting is empty; paint at least one cell.');
  }
  return side;
}

/**
 * Points of the square [-1, 1] x [-1, 1], drawn from a painting: a cell by its digit, then uniform within the cell.
 * @throws GanKitError `invalid-argument` for cells that are no square of digits, or all 0.
 */
export function paintedDistribution(options: PaintedDistributionOptions): PointDistribution {
  checkOptions('paintedDistribution', options, { cells: 'required' });
  const { cells } = options;
  const side = checkedSide(cells);
  /** The sum of all digits up to each cell. */
  const upTo = new Float64Array(cells.length);
  let total = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    total += Number(cells[cell]);
    upTo[cell] = total;
  }
  return pointDistribution({
    name: 'painted',
    bound: 1,
    sampler(random) {
      const wanted = random.uniform() * total;
      let [low, high] = [0, cells.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (upTo[middle]! > wanted) high = middle;
        else low = middle + 1;
      }
      const row = Math.floor(low / side);
      const column = low % side;
      return {
        x: (2 * (column + random.uniform())) / side - 1,
        // The first row is the top.
        y: 1 - (2 * (row + random.uniform())) / side,
        label: 0,
      };
    },
  });
}
