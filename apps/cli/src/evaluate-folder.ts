// What `gankit evaluate` does: a trained generator, or a folder of pictures, judged by numbers against data.
import { resolve } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { checkChoice, GanKitError } from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import { dataSets } from '@gankit/data/node';
import { type Evaluation, type SetMetricName, setMetricNames } from '@gankit/metrics';
import { extractors } from '@gankit/metrics/registry';
import { evaluateSamples } from '@gankit/recipes/node';
import { abortOnInterrupt } from './interrupt.ts';
import { partFromText } from './part-text.ts';
import { exitCodes } from './report-error.ts';

export interface EvaluateFlags {
  readonly against?: string | undefined;
  readonly metrics?: string | undefined;
  readonly samples?: number | undefined;
  readonly seed?: number | undefined;
  readonly extractor?: string | undefined;
  readonly cache?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `./photos` is a folder of pictures, everything else a data set and its options. */
function dataNamed(text: string): NamedPart {
  if (/^[^:]*[\\/]|^\.+$/.test(text)) return { name: 'pictures', path: resolve(text) };
  return partFromText('--against', dataSets, text);
}

function metricsNamed(text: string): readonly SetMetricName[] {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length === 0) {
    throw new GanKitError('invalid-argument', `--metrics needs names, such as fid,kid; not '${text}'.`, {
      value: text,
    });
  }
  for (const name of names) checkChoice('metric', name as SetMetricName, setMetricNames);
  return names as readonly SetMetricName[] as SetMetricName[];
}

/** One line that is written over in a terminal, and left away elsewhere. */
function progressLine(): { show(what: string, done: number, of: number): void; clear(): void } {
  const terminal = process.stderr.isTTY;
  let shown = 0;
  return {
    show(what, done, of) {
      if (!terminal) return;
      const text = `${what}: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}`;
      process.stderr.write(`\r${text.padEnd(shown)}`);
      shown = text.length;
    },
    clear() {
      if (terminal && shown > 0) process.stderr.write(`\r${' '.repeat(shown)}\r`);
    },
  };
}

/** Four digits that count. */
const short = (value: number) => String(Number(value.toPrecision(4)));

function describe({ numbers, reference, generated, extractor, seed, notes }: Evaluation): string {
  const count = ({ name, samples }: Evaluation['reference']) => `${name} (${samples.toLocaleString('en')} samples)`;
  const width = Math.max(...Object.keys(numbers).map((name) => name.length));
  const rows = Object.entries(numbers).map(([name, value]) => `  ${name.padEnd(width)}  ${short(value)}\n`);
  const about = `extractor ${extractor.name} ${extractor.version}, seed ${seed}`;
  return `${count(generated)} against ${count(reference)}, ${about}\n${rows.join('')}${notes.map((note) => `Note: ${note}\n`).join('')}`;
}

/** @returns The exit code: 0, or 130 or 143 when it was interrupted. */
export async function evaluateFolder(judged: string, flags: EvaluateFlags): Promise<number> {
  const { against, metrics, extractor, json = false, ...rest } = flags;
  const parts = {
    against: against === undefined ? undefined : dataNamed(against),
    metrics: metrics === undefined ? undefined : metricsNamed(metrics),
    extractor: extractor === undefined ? undefined : partFromText('--extractor', extractors, extractor),
  };
  await selectBackend();
  const line = progressLine();
  const interrupt = abortOnInterrupt();
  try {
    const evaluation = await evaluateSamples({
      judged,
      ...parts,
      ...rest,
      onProgress: line.show,
      signal: interrupt.signal,
    });
    line.clear();
    process.stdout.write(json ? `${JSON.stringify(evaluation, undefined, 2)}\n` : describe(evaluation));
    return exitCodes.success;
  } catch (error) {
    line.clear();
    if (interrupt.signal.aborted && error === interrupt.signal.reason) return interrupt.exitCode;
    throw error;
  } finally {
    interrupt.release();
  }
}
