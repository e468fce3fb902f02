/**
 * Random choices that are kept, so that a failing case can be made again from smaller ones. 0 always means the simplest choice:
 * the first of a list, the low end of a range.
 */
import { RandomStream } from '@gankit/core';

/** The next choice: a whole number from 0 to `bound - 1`. */
export type Chooser = (bound: number) => number;

export class Draw {
  /** What was chosen so far, in order. */
  readonly choices: number[] = [];
  readonly #next: Chooser;

  constructor(next: Chooser) {
    this.#next = next;
  }

  /** Choices of a stream; moves `random` on. */
  static from(random: RandomStream): Draw {
    return new Draw((bound) => random.integer(bound));
  }

  /** The choices of an earlier draw; those that no longer fit are cut to size, and missing ones are 0. */
  static again(choices: readonly number[]): Draw {
    let position = 0;
    return new Draw((bound) => Math.min(choices[position++] ?? 0, bound - 1));
  }

  /** A whole number in [low, high]. */
  integer(low: number, high: number): number {
    const choice = this.#next(high - low + 1);
    this.choices.push(choice);
    return low + choice;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)]!;
  }

  /** True once in `times`. */
  rarely(times = 4): boolean {
    return this.integer(0, times - 1) === times - 1;
  }

  yes(): boolean {
    return this.integer(0, 1) === 1;
  }

  /** A stream for many values of which each alone need not be shrunk: one choice decides them all. */
  values(): RandomStream {
    return new RandomStream(this.integer(0, 99_999));
  }

  /** A random order of the numbers below `count`. */
  order(count: number): number[] {
    const left = Array.from({ length: count }, (_, i) => i);
    return Array.from({ length: count }, () => left.splice(this.integer(0, left.length - 1), 1)[0]!);
  }

  /** Sizes of the axes of a tensor; now and then one of them is 0. */
  shape(lowestRank: number, highestRank: number, largest = 4): number[] {
    const rank = this.integer(lowestRank, highestRank);
    const shape = Array.from({ length: rank }, () => this.integer(1, largest));
    if (rank > 0 && this.rarely(16)) shape[this.integer(0, rank - 1)] = 0;
    return shape;
  }
}
