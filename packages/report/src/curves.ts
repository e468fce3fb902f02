// From a line for each step to curves that can be drawn: a run of any length in a fixed number of places.
import { checkInteger, checkOptions } from '@gankit/core';

/** What was measured in some steps in a row. */
export interface CurvePoint {
  /** The middle of the steps. */
  readonly step: number;
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
}

export interface Curve {
  /** Where the numbers stand in a step event: `discriminator.penalties.r1`. */
  readonly name: string;
  /** In the order of their steps. */
  readonly points: readonly CurvePoint[];
}

/** What the numbers of a step are called, for each player. */
const playerNumbers = [
  'adversarialLoss',
  'objective',
  'realLogit',
  'fakeLogit',
  'realScore',
  'fakeScore',
  'realAccuracy',
  'fakeAccuracy',
  'gradientNorm',
  'updateRatio',
  'sampleDiversity',
] as const;

/** No game has more penalties; a log that comes from anywhere may name any number of them. */
const mostPenalties = 32;

interface Bin {
  count: number;
  sum: number;
  least: number;
  greatest: number;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Every number of a step that has a curve. */
function numbersOf(event: Readonly<Record<string, unknown>>): (readonly [name: string, value: unknown])[] {
  const found: (readonly [string, unknown])[] = [['accuracy', event['accuracy']]];
  for (const player of ['discriminator', 'generator'] as const) {
    const numbers = event[player];
    if (!isObject(numbers)) continue;
    for (const name of playerNumbers) found.push([`${player}.${name}`, numbers[name]]);
    const penalties = isObject(numbers['penalties']) ? Object.entries(numbers['penalties']) : [];
    for (const [name, value] of penalties.slice(0, mostPenalties)) found.push([`${player}.penalties.${name}`, value]);
  }
  return found;
}

/** Collects steps into curves. */
export interface CurveCollector {
  /** Takes the numbers of a step event; what is no number is passed over. */
  add(event: Readonly<Record<string, unknown>>): void;
  /** Forgets what was made after a step: a run that went back made those steps again. */
  forgetAfter(step: number): void;
  curves(): Curve[];
}

/**
 * Collects the steps of a run: at most `places` points for each number, each the mean of as many steps as the others, with the least and the
 * greatest value among them.
 */
export function curveCollector(options: { readonly places?: number | undefined } = {}): CurveCollector {
  checkOptions('curveCollector', options, { places: 'optional' });
  const { places = 256 } = options;
  checkInteger('places', places, 2);
  /** Steps to a place; doubles when there are more steps than places. */
  let width = 1;
  const series = new Map<string, Map<number, Bin>>();

  function halve(): void {
    width *= 2;
    for (const [name, bins] of series) {
      const joined = new Map<number, Bin>();
      for (const [place, bin] of bins) {
        const other = joined.get(place >> 1);
        if (other === undefined) joined.set(place >> 1, bin);
        else {
          other.count += bin.count;
          other.sum += bin.sum;
          other.least = Math.min(other.least, bin.least);
          other.greatest = Math.max(other.greatest, bin.greatest);
        }
      }
      series.set(name, joined);
    }
  }

  return {
    add(event) {
      const step = event['step'];
      if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 1 || step > 2 ** 40) return;
      while (Math.floor((step - 1) / width) >= places) halve();
      const place = Math.floor((step - 1) / width);
      for (const [name, value] of numbersOf(event)) {
        if (typeof value !== 'number' || !Number.isFinite(value)) continue;
        let bins = series.get(name);
        if (bins === undefined) {
          bins = new Map();
          series.set(name, bins);
        }
        const bin = bins.get(place);
        if (bin === undefined) bins.set(place, { count: 1, sum: value, least: value, greatest: value });
        else {
          bin.count += 1;
          bin.sum += value;
          bin.least = Math.min(bin.least, value);
          bin.greatest = Math.max(bin.greatest, value);
        }
      }
    },
    forgetAfter(step) {
      for (const bins of series.values()) {
        for (const place of bins.keys()) if (place * width >= step) bins.delete(place);
      }
    },
    curves() {
      return [...series]
        .map(([name, bins]) => ({
          name,
          points: [...bins]
            .sort(([a], [b]) => a - b)
            .map(([place, { count, sum, least, greatest }]) => ({
              step: place * width + (width + 1) / 2,
              mean: sum / count,
              least,
              greatest,
            })),
        }))
        .filter(({ points }) => points.length > 0);
    },
  };
}
