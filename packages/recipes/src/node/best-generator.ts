// The generator that was best by a metric, kept beside the newest one: GANs get worse again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError, type RunCallback } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import type { Run } from '../build-run.ts';
import type { Results } from './results.ts';
import { type RunFolder, runFolder } from './run-folder.ts';

/** What best.json holds. */
interface Best {
  readonly step: number;
  readonly metric: string;
  readonly value: number;
}

/** What was best before this process; nothing in a new run, or when the file is damaged. */
async function readBest(path: string): Promise<Best | undefined> {
  try {
    const best = JSON.parse(await readFile(path, 'utf8')) as Best | null;
    return typeof best?.value === 'number' && typeof best.step === 'number' ? best : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the generator into the folder `best` of the run whenever it is better than ever before, and what it was measured at into
 * `best.json` there. `gankit sample` and `gankit evaluate` take that folder as a run.
 */
export function bestGenerator(folder: RunFolder, run: Run, results: Results): RunCallback {
  const { path } = folder;
  const place = join(path, 'best');
  const file = join(place, 'best.json');
  let best: Best | undefined;
  return {
    name: 'best-generator',
    async onEvent(event) {
      const wanted = run.recipe.best;
      if (wanted === undefined) return;
      // A run that goes back, or goes on from an earlier checkpoint, measures what comes after it again.
      if (event.type === 'start') {
        const kept = await readBest(file);
        best = kept !== undefined && kept.step <= event.step && kept.metric === wanted.metric ? kept : undefined;
        return;
      }
      const due = event.type === 'step' && event.step % run.recipe.measureEvery === 0;
      if (!due && !(event.type === 'end' && event.reason !== 'aborted')) return;
      const measurement = await run.measure();
      const value = measurement[wanted.metric];
      if (value === undefined) {
        throw new GanKitError(
          'unknown-name',
          `There is no number '${wanted.metric}' to choose the best generator by; choose one of: ${Object.keys(measurement).join(', ')}`,
          { value: wanted.metric },
        );
      }
      const isBetter = best === undefined || (wanted.better === 'lower' ? value < best.value : value > best.value);
      if (Number.isNaN(value) || !isBetter) return;
      best = { step: event.step, metric: wanted.metric, value };
      await makeFolder(place);
      await results.save(runFolder(place).generator, event.step);
      await writeFileAtomically(file, `${JSON.stringify(best)}\n`);
    },
  };
}
