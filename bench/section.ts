/** One part of the report. */

import type { Standing } from './in-turn.ts';

export interface Section {
  title: string;
  lines: string[];
}

/** A Markdown table of standings; with `baseline`, each median over that one's. */
export function table(standings: readonly Standing[], baseline?: string): string[] {
  const reference = standings.find(({ name }) => name === baseline)?.median;
  return [
    '| | median ms/step | lowest | steps | ratio |',
    '|---|---|---|---|---|',
    ...standings.map(({ name, median, lowest, steps }) => {
      const ratio = reference === undefined ? '' : (median / reference).toFixed(2);
      return `| ${name} | ${median.toFixed(2)} | ${lowest.toFixed(2)} | ${steps} | ${ratio} |`;
    }),
  ];
}
