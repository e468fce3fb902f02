/** PyTorch as a contestant: a Python process that takes steps when told to. Absent torch, there is none, and a line says so. */

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Contestant } from './in-turn.ts';

const PYTHON = ['/usr/bin/python3', 'python3'];

/**
 * PyTorch's best setting on few cores: its own two threads, and one for OpenBLAS beneath them. Variables that tell OpenBLAS to
 * pretend another CPU are removed.
 */
function environment(): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, ...rest } = process.env;
  return { ...rest, OPENBLAS_NUM_THREADS: '1' };
}

function findPython(): string | undefined {
  return PYTHON.find(
    (python) => spawnSync(python, ['-c', 'import torch'], { env: environment(), timeout: 60_000 }).status === 0,
  );
}

export interface TorchContestant extends Contestant {
  /** The rate of torch's own matrix products, 10^9 operations per second. */
  gigaflops: number;
}

/** Below this part of our own rate of matrix products torch has no real BLAS, and would make a baseline of straw. */
const FAIR = 1 / 4;

/** One line on torch's matrix products; `fair` is false when they are so slow that a ratio would mislead. */
export function judge(torch: TorchContestant, ownGigaflops: number): { fair: boolean; line: string } {
  const fair = torch.gigaflops >= FAIR * ownGigaflops;
  const line = `PyTorch's own matrix products ran at ${torch.gigaflops.toFixed(0)} GFLOP/s, ours at ${ownGigaflops.toFixed(0)}.`;
  const remedy = ' It has found no fast BLAS, so no ratio is given: install libopenblas0-pthread and run again.';
  return { fair, line: fair ? line : line + remedy };
}

/** The contestant for `pytorch/<script>`, or nothing when Python or torch is absent. */
export async function torchContestant(script: string): Promise<TorchContestant | undefined> {
  const python = findPython();
  if (python === undefined) {
    console.log('PyTorch is not installed: its column is left out.');
    return undefined;
  }
  const child: ChildProcessWithoutNullStreams = spawn(python, [join(import.meta.dirname, 'pytorch', script)], {
    env: environment(),
  });
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended early`);
    return JSON.parse(value);
  };
  const { torch, gigaflops } = (await read()) as { torch: string; gigaflops: number };
  return {
    name: `PyTorch ${torch}`,
    gigaflops,
    async run(count) {
      child.stdin.write(`run ${count}\n`);
      return (await read()) as number[];
    },
    close: () => child.stdin.end(),
  };
}
