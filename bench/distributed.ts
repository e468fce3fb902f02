/** One update of each player of DCGAN-28: one process with all threads, and two processes that share the batch over MPI. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Section } from './section.ts';

/** What each process measures, see programs/distributed.ts. */
interface Measured {
  readonly step: number;
  readonly talking: number;
  readonly numbers: number;
}

/** Rates of networks in the model, in bits a second, and seconds that a message takes at least. */
const networks = [
  { name: '1 Gbit/s', bits: 1e9, latency: 50e-6 },
  { name: '10 Gbit/s', bits: 1e10, latency: 20e-6 },
  { name: '100 Gbit/s', bits: 1e11, latency: 5e-6 },
] as const;
const machines = [2, 8, 64] as const;

/** Runs the program on `ranks` processes with so many threads each; what rank 0 measured. */
function measure(ranks: number, threads: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'gankit-bench-'));
  const file = join(folder, 'measured.json');
  const program = [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'programs/distributed.ts'), file];
  const [command = '', ...args] = ranks === 1 ? program : ['mpirun', '-n', `${ranks}`, '--bind-to', 'none', ...program];
  try {
    execFileSync(command, args, {
      cwd: join(import.meta.dirname, '..'),
      env: {
        ...process.env,
        GANKIT_ONNX_THREADS: `${threads}`,
        OMPI_ALLOW_RUN_AS_ROOT: '1',
        OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
      },
      stdio: 'ignore',
    });
    return JSON.parse(readFileSync(file, 'utf8')) as Measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds of a ring all-reduce: 2 (n - 1) / n of the numbers cross every link, in 2 (n - 1) messages. */
function ring(numbers: number, count: number, { bits, latency }: (typeof networks)[number]): number {
  return (2 * (count - 1) * numbers * 32) / count / bits + 2 * (count - 1) * latency;
}

export async function run(): Promise<Section> {
  const title = 'DCGAN-28, batch 64, over two processes: one update of each player';
  if (spawnSync('mpirun', ['--version']).error !== undefined) {
    return { title, lines: ['Left out: mpirun is not installed.'] };
  }
  const all = availableParallelism();
  const half = Math.max(1, Math.floor(all / 2));
  const rounds = [1, 2, 3].map(() => ({ one: measure(1, all), half: measure(1, half), two: measure(2, half) }));
  const best = (of: (round: (typeof rounds)[number]) => number) => Math.min(...rounds.map(of));
  const [one, alone, two] = [best(({ one: m }) => m.step), best(({ half: m }) => m.step), best(({ two: m }) => m.step)];
  const talking = best(({ two: m }) => m.talking);
  const { numbers } = rounds[0]!.two;
  return {
    title,
    lines: [
      '| | ms/step | of it in MPI, waiting included |',
      '|---|---|---|',
      `| 1 process, ${all} threads | ${one.toFixed(0)} | |`,
      `| 1 process, ${half} threads | ${alone.toFixed(0)} | |`,
      `| 2 processes, ${half} threads each | ${two.toFixed(0)} | ${talking.toFixed(0)} |`,
      '',
      `A model: every machine of the kind of one process with ${half} threads on 64 samples of its own, ${(numbers / 1e6).toFixed(2)} million`,
      'numbers joined in a step by a ring; the share of the step that computes:',
      '',
      `| machines | ${networks.map(({ name }) => name).join(' | ')} |`,
      `|---|${networks.map(() => '---').join('|')}|`,
      ...machines.map((count) => {
        const shares = networks.map((network) => {
          const share = alone / (alone + 1000 * ring(numbers, count, network));
          return `${(100 * share).toFixed(0)} %`;
        });
        return `| ${count} | ${shares.join(' | ')} |`;
      }),
    ],
  };
}
