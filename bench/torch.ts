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

/** The contestant for `pytorch/<script>`, or nothing when Python or torch is absent. */
export async function torchContestant(script: string): Promise<Contestant | undefined> {
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
  const { torch } = (await read()) as { torch: string };
  return {
    name: `PyTorch ${torch}`,
    async run(count) {
      child.stdin.write(`run ${count}\n`);
      return (await read()) as number[];
    },
    close: () => child.stdin.end(),
  };
}
