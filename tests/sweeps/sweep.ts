// A sweep of small runs, what its runs leave, and processes of the command that are killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WrittenSweep } from '@gankit/sweeps';
import { runFolderOf, runTrial, type SweepFile, saveSweep } from '@gankit/sweeps/node';
import { command } from '../cli/gankit.ts';

/** Two losses x two rates x `seeds` seeds on points, parts with state among them. */
export function smallSweep(seeds: number, steps: number): WrittenSweep {
  return {
    format: 'gankit-sweep',
    version: 1,
    base: {
      data: { name: 'ring' },
      batchSize: 16,
      generator: { name: 'mlp', latentSize: 3, hidden: [8] },
      discriminator: { name: 'mlp', hidden: [8] },
      optimizers: { generator: { name: 'adam' }, discriminator: { name: 'adam' } },
      negatives: { name: 'replay', capacity: 64 },
      penalties: [{ name: 'lecam' }],
      stopping: { steps },
      metrics: [{ name: 'mode-coverage', samples: 64 }],
      measureEvery: 50,
      pictures: { every: steps, count: 20 },
      checkpoints: { every: 10 },
    },
    vary: [
      { name: 'loss', paths: ['loss'], values: [{ name: 'non-saturating' }, { name: 'hinge' }] },
      {
        name: 'rate',
        paths: ['optimizers.generator.learningRate', 'optimizers.discriminator.learningRate'],
        values: [1e-3, 2e-3],
      },
    ],
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    goal: { metric: 'mode-coverage.highQualityShare', better: 'higher' },
    backend: 'cpu',
  };
}

/** Everything of each run that must be the same however often it was broken off. */
export async function leftBehind(file: SweepFile, runs: number): Promise<readonly string[]> {
  const files = [
    'generator/generator.safetensors',
    'metrics.jsonl',
    'measurements.jsonl',
    'samples.png',
    '../NNNN.json',
  ];
  const all: string[] = [];
  for (let run = 0; run < runs; run++) {
    const folder = runFolderOf(file, run);
    for (const name of files) {
      const bytes = await readFile(join(folder, name.replace('NNNN', folder.slice(-4))));
      all.push(`${run} ${name} ${bytes.toString('base64')}`);
    }
  }
  return all;
}

/** The same sweep, trained by this process without a disturbance. */
export async function undisturbed(folder: string, sweep: WrittenSweep): Promise<SweepFile> {
  const file = await saveSweep(join(folder, 'undisturbed.json'), sweep);
  for (let index = 0; index < file.plan.trials; index++) {
    const { state, message } = await runTrial(file, index);
    if (state !== 'done') throw new Error(message);
  }
  return file;
}

/** A process of the command that is left to itself. */
export interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

export function startCommand(folder: string, ...args: readonly string[]): Started {
  const child = spawn(process.execPath, [command, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.on('data', (text: Buffer) => {
    said += text;
  });
  return { child, said: () => said, ended: new Promise((resolve) => child.once('close', resolve)) };
}
