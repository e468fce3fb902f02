/** The metrics of 10,000 samples, beside numpy and scipy where they are installed. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inProcess, runInTurn } from './in-turn.ts';
import { metricSteps, SAMPLES } from './programs/metrics.ts';
import type { Section } from './section.ts';

const PYTHON = ['/usr/bin/python3', 'python3'];

/** Seconds of the same in numpy and scipy, by name; nothing where they are absent. */
function scipySeconds(): Readonly<Record<string, number>> {
  for (const python of PYTHON) {
    const { status, stdout } = spawnSync(python, [join(import.meta.dirname, 'pytorch/metrics.py'), String(SAMPLES)], {
      encoding: 'utf8',
    });
    if (status === 0) return JSON.parse(stdout);
  }
  console.log('numpy and scipy are not installed: their column is left out.');
  return {};
}

export async function run(): Promise<Section> {
  const scipy = scipySeconds();
  const contestants = Object.entries(metricSteps()).map(([name, step]) => inProcess(name, step));
  const standings = await runInTurn(contestants, { rounds: 3, steps: 1, warmUp: 1, seconds: 120 });
  return {
    title: `Metrics of ${SAMPLES.toLocaleString('en')} samples`,
    lines: [
      '| | seconds | lowest | numpy and scipy |',
      '|---|---|---|---|',
      ...standings.map(({ name, median, lowest }) => {
        const other = scipy[name];
        const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
        return `| ${name} | ${seconds(median)} | ${seconds(lowest)} | ${other === undefined ? '' : other.toFixed(2)} |`;
      }),
    ],
  };
}
