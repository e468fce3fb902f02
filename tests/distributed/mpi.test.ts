// Several processes on this machine by the MPI that is installed here: what they say, what they train, and how they end.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coupled } from '../../packages/distributed/src/talk.fixture.ts';
import { largestDifference, type Outcome, playAll, type SmoothGame } from './games.fixture.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const gankit = at('../../apps/cli/bin/gankit.mjs');
const environment = {
  ...process.env,
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  GANKIT_ONNX_THREADS: '1',
};
const isInstalled = (command: string) => spawnSync(command, ['--version']).error === undefined;
const launchers = ['mpirun.openmpi', 'mpirun.mpich'].filter(isInstalled);
const installed = isInstalled('mpirun');
if (!installed) console.warn('mpirun is not installed: the tests of several processes by MPI are skipped.');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gankit-mpi-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly seconds: number;
}

/** A command that runs, and how it ends. */
function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const begun = performance.now();
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code) => done({ code, said, seconds: (performance.now() - begun) / 1000 }));
  });
  return { child, ended };
}

const run = (command: string, args: readonly string[], env?: NodeJS.ProcessEnv) => start(command, args, env).ended;
const train = (...args: readonly string[]) => run(process.execPath, [gankit, 'train', ...args]);

const oversubscribed = (launcher: string) => (launcher.includes('openmpi') ? ['--oversubscribe'] : []);

describe.skipIf(!installed).each(launchers)('%s', (launcher) => {
  it.each([2, 3])('%i processes say and compute together what threads do', (size) => {
    const program = at('../../packages/distributed/src/talk-over-mpi.fixture.ts');
    const command = [
      '-n',
      `${size}`,
      ...oversubscribed(launcher),
      process.execPath,
      '--import',
      'tsx',
      program,
      folder,
    ];
    const { status, stderr } = spawnSync(launcher, command, { env: environment, cwd: at('../..'), encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const all = Array.from({ length: size }, (_, rank) => {
      return JSON.parse(readFileSync(join(folder, `said-${rank}.json`), 'utf8'));
    });
    expect(all.map(({ rank }) => rank)).toEqual(Array.from({ length: size }, (_, rank) => rank));
    const alone = coupled(undefined, undefined);
    const ranks = Array.from({ length: size }, (_, rank) => rank);
    for (const told of all) {
      expect(told.sum).toEqual(
        Array.from({ length: 2500 }, (_, index) => ranks.reduce((sum, rank) => sum + (rank + 1) * 0.5 + index, 0)),
      );
      expect(told.gathered).toEqual(
        ranks.flatMap((rank) => Array.from({ length: 1201 }, (_, index) => 10_000 * rank + index)),
      );
      expect(told.bytes).toEqual(Array.from({ length: 70_001 }, (_, index) => index % 251));
      expect(told.agreed).toEqual([false, true]);
      for (const [index, value] of alone.gradient.entries()) expect(told.gradient[index]).toBeCloseTo(value, 5);
    }
  });
});

describe.skipIf(!installed)('2 processes x 32 samples against 1 x 64', () => {
  const losses = ['non-saturating', 'least-squares', 'wasserstein', 'hinge', 'relativistic-average', 'softmax-gan'];
  const penalties = ['r1', 'gradient-penalty', 'lecam', 'dragan'];
  const games = [
    ...(['none', 'synchronized'] as const).flatMap((normalization) =>
      losses.map((loss, index): SmoothGame => {
        return { loss, penalty: penalties[index % penalties.length]!, normalization };
      }),
    ),
    // The proof that such a difference would be seen.
    { loss: 'hinge', penalty: 'r1', normalization: 'own' } as const,
  ];
  let [alone, first, second]: (Outcome | string)[][] = [];

  beforeAll(async () => {
    const file = join(folder, 'games.json');
    writeFileSync(file, JSON.stringify(games));
    const program = at('./play-over-mpi.fixture.ts');
    const played = spawnSync('mpirun', ['-n', '2', process.execPath, '--import', 'tsx', program, file], {
      cwd: at('../..'),
      env: environment,
      encoding: 'utf8',
    });
    expect(played.status, played.stderr).toBe(0);
    [first, second] = [0, 1].map((rank) => JSON.parse(readFileSync(`${file}.${rank}`, 'utf8')));
    alone = await playAll(games);
  });

  it.each(games.map((game, index) => ({ ...game, index })))(
    '20 steps of SGD: $loss, $penalty, batch normalisation: $normalization',
    ({ normalization, index }) => {
      for (const outcomes of [alone, first, second]) expect(outcomes![index]).toBeTypeOf('object');
      const { difference, where } = largestDifference(alone![index] as Outcome, first![index] as Outcome);
      if (normalization === 'own') expect(difference, where).toBeGreaterThan(2e-4);
      else expect(difference, where).toBeLessThan(2e-6);
      expect(second![index]).toEqual(first![index]);
    },
  );
});

describe.skipIf(!installed)('gankit train on two processes', () => {
  const game = ['--data', 'ring', '--batch-size', '16', '--width', '8', '--steps', '160', '--set', 'metrics=[]'];
  const often = ['--checkpoint-every', '20', '--sample-every', '80'];
  const file = (run: string, name: string) => readFileSync(join(folder, run, name));
  const generatorOf = (run: string) => file(run, 'generator/generator.safetensors');

  /** Trains until there is a checkpoint of a step, then does something to it. */
  async function disturb(
    run: string,
    what: (child: ChildProcess) => void,
  ): Promise<Ended & { readonly after: number }> {
    const { child, ended } = start(process.execPath, [
      gankit,
      'train',
      ...game,
      ...often,
      '--ranks',
      '2',
      '--out',
      run,
    ]);
    while (!existsSync(join(folder, run, 'checkpoints/step-00000040')) && child.exitCode === null) {
      await new Promise((wait) => setTimeout(wait, 20));
    }
    const begun = performance.now();
    what(child);
    return { ...(await ended), after: (performance.now() - begun) / 1000 };
  }

  /** The process of a rank, found by its environment. */
  function processOf(run: string, rank: number): number {
    const found = readdirSync('/proc').find((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        if (!command.includes(gankit) || command.at(-2) !== run) return false;
        return new RegExp(`\0(OMPI_COMM_WORLD|PMI)_RANK=${rank}\0`).test(readFileSync(`/proc/${pid}/environ`, 'utf8'));
      } catch {
        return false;
      }
    });
    return Number(found);
  }

  beforeAll(async () => {
    const { code, said } = await train(...game, ...often, '--ranks', '2', '--out', 'unbroken');
    expect(code, said).toBe(0);
    expect(said).toContain('Each of the 2 processes trains on 8 of the 16 samples of every batch.');
  });

  it.skipIf(!existsSync('/proc'))(
    'a process that is killed ends all of them, and the run goes on to the same bytes',
    async () => {
      const { code, said, after } = await disturb('killed', () => process.kill(processOf('killed', 1), 'SIGKILL'));
      expect(code).toBe(1);
      expect(said).toMatch(/\ngankit: One of the 2 processes was killed by [^\n]*which ended all of them;[^\n]*\n$/);
      expect(after).toBeLessThan(30);
      const resumed = await train('--resume', 'killed', '--ranks', '2');
      expect(resumed.code, resumed.said).toBe(0);
      expect(generatorOf('killed').equals(generatorOf('unbroken'))).toBe(true);
      expect(file('killed', 'metrics.jsonl').equals(file('unbroken', 'metrics.jsonl'))).toBe(true);
    },
  );

  it('Ctrl-C stops all of them at one step, and the run goes on to the same bytes', async () => {
    const { code, said } = await disturb('interrupted', (child) => child.kill('SIGINT'));
    expect(code).toBe(130);
    expect(said).toContain('Go on with: gankit train --resume interrupted');
    expect((await train('--resume', 'interrupted', '--ranks', '2')).code).toBe(0);
    expect(generatorOf('interrupted').equals(generatorOf('unbroken'))).toBe(true);
  });

  it('one process goes on where two have stopped, and says that the last bits may differ', async () => {
    const { code, said } = await train('--resume', 'unbroken', '--steps', '170');
    expect(code, said).toBe(0);
    expect(said).toContain('Note: ranks was 2 and is now 1; the run goes on, but its last bits may differ');
    expect(said).toContain('Goes on from the checkpoint of step 160.');
  });

  it('what all of them would complain about is said once', async () => {
    const { code, said } = await train(...game, '--batch-size', '15', '--ranks', '2', '--out', 'odd');
    expect(said.trim()).toBe(
      'gankit: A batch of 15 cannot be spread evenly over 2 processes; choose a batch size that 2 divides, such as 14 or 16.',
    );
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'odd'))).toBe(false);
  });

  it('a launcher that is not there is one sentence', async () => {
    const { code, said } = await run(process.execPath, [gankit, 'train', ...game, '--ranks', '2'], {
      GANKIT_MPIRUN: 'mpirun.absent',
    });
    expect(said.trim()).toBe(
      "gankit: Several processes are started by MPI's launcher, and 'mpirun.absent' is not installed here; install Open MPI (Debian: apt-get install openmpi-bin), or train on one process.",
    );
    expect(code).toBe(1);
  });

  it.skipIf(launchers.length < 2)('the library of another MPI than the launcher is told, not obeyed', async () => {
    const { code, said } = await run(process.execPath, [gankit, 'train', ...game, '--ranks', '2', '--out', 'wrong'], {
      GANKIT_MPIRUN: 'mpirun.openmpi',
      GANKIT_MPI_LIBRARY: 'libmpich.so.12',
    });
    expect(said).toMatch(
      /^gankit: The launcher started 2 processes, but the MPI library \(MPICH, libmpich.so.12\) knows of 1:/m,
    );
    expect(code).toBe(1);
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
  });

  it('processes that would train something else end with a sentence', async () => {
    const command = (seed: string) => [
      '-n',
      '1',
      process.execPath,
      gankit,
      'train',
      ...game,
      '--seed',
      seed,
      '--out',
      'mixed',
    ];
    const { code, said } = await run('mpirun', [...command('1'), ':', ...command('2')]);
    expect(said).toContain('gankit: The 2 processes do not have the same recipe');
    expect(code).not.toBe(0);
    expect(existsSync(join(folder, 'mixed'))).toBe(false);
  });
});
