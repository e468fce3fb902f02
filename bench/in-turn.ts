/** Contestants that run in turn, round after round, so that whatever else the machine does falls on all of them alike. */

export interface Contestant {
  name: string;
  /** Runs `count` steps and returns the time of each, in milliseconds. */
  run(count: number): Promise<number[]>;
  close?(): void;
}

export interface Standing {
  name: string;
  /** Milliseconds per step. */
  median: number;
  lowest: number;
  steps: number;
}

export interface Turns {
  rounds: number;
  steps: number;
  /** Steps before measuring, once. */
  warmUp: number;
  /** No new round begins after this many seconds. */
  seconds: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export async function runInTurn(contestants: readonly Contestant[], turns: Turns): Promise<Standing[]> {
  const times = contestants.map((): number[] => []);
  const end = performance.now() + 1000 * turns.seconds;
  for (const contestant of contestants) await contestant.run(turns.warmUp);
  for (let round = 0; round < turns.rounds; round++) {
    if (round > 0 && performance.now() > end) break;
    for (const [index, contestant] of contestants.entries()) times[index]?.push(...(await contestant.run(turns.steps)));
  }
  for (const contestant of contestants) contestant.close?.();
  return contestants.map(({ name }, index) => {
    const own = times[index] as number[];
    return { name, median: median(own), lowest: Math.min(...own), steps: own.length };
  });
}

/** A contestant that runs `step` in this process; `step` must have finished its work when it returns. */
export function inProcess(name: string, step: () => void, close?: () => void): Contestant {
  return {
    name,
    async run(count) {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        step();
        times.push(performance.now() - start);
      }
      return times;
    },
    ...(close === undefined ? {} : { close }),
  };
}
