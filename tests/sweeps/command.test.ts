// The command: a sweep from flags, in processes that are killed, and its table.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RandomStream } from '@gankit/core';
import { folderUser } from '@gankit/core/node';
import { openSweep, runFolderOf, saveSweep, sweepStatus } from '@gankit/sweeps/node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run } from '../../apps/cli/src/program.ts';
import { gankit } from '../cli/gankit.ts';
import { leftBehind, smallSweep, startCommand, undisturbed } from './sweep.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-sweep-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const path = (...names: string[]) => join(folder, ...names);

/** Runs the command in this process: what trains nothing need not wait for a start. */
async function inProcess(...args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  let stderr = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
  try {
    const code = await run(args);
    return { code, stderr };
  } finally {
    spy.mockRestore();
  }
}

test('a comparison is a small sweep with one table; its runs are those of gankit train', async () => {
  const game = ['--data', 'grid', '--steps', '30', '--width', '8', '--batch-size', '16', '--backend', 'cpu'];
  const args = ['compare', ...game, '--loss', 'minimax,wasserstein+gradient-penalty:weight=1', '--seeds', '2'];
  const { code, stdout, stderr } = await gankit([...args, '--json'], folder);
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout);
  expect(report.runs).toEqual({ all: 4, done: 4, failed: 0, open: 0 });
  expect(report.rows.map(({ values }: { values: { loss: string } }) => values.loss).sort()).toEqual([
    'minimax',
    'wasserstein+gradient-penalty:weight=1',
  ]);
  for (const { numbers, seeds } of report.rows) {
    expect(seeds).toEqual({ done: 2, failed: 0, open: 0 });
    expect(numbers['mode-coverage.modesFound']).toMatchObject({ count: 2, deviation: expect.any(Number) });
  }
  const trained = await gankit(['train', ...game, '--loss', 'minimax', '--seed', '2', '--out', 'alone'], folder);
  expect(trained.code, trained.stderr).toBe(0);
  const generator = (run: string) => readFile(path(run, 'generator', 'generator.safetensors'));
  expect((await generator('runs/compare-grid/0002')).equals(await generator('alone'))).toBe(true);
  const two = await gankit(['compare', 'alone', 'runs/compare-grid/0001'], folder);
  expect(two.stdout).toMatch(/^loss +minimax +wasserstein$/m);
  expect(two.stdout).toMatch(/^seed +2 +1$/m);
  const same = await gankit(['compare', 'alone', 'runs/compare-grid/0002'], folder);
  expect(same.stdout).toContain('The recipes are the same.');
  expect(same.stdout).toContain('The generators are the same, to the last bit.');
});

describe('a sweep', () => {
  test('whose trials are killed, and which is killed itself, ends in the bytes of an undisturbed one', async () => {
    const sweep = smallSweep(2, 120);
    const calm = await undisturbed(folder, sweep);
    const file = await saveSweep(path('killed.json'), sweep);
    const random = new RandomStream(5);
    const killed = startCommand(folder, 'sweep', 'run', 'killed.json', '--processes', '2');
    let kills = 0;
    for (let run = 0; kills < 4 && killed.child.exitCode === null; run = (run + 1) % 8) {
      const owner = await folderUser(runFolderOf(file, run));
      if (owner === undefined) await sleep(10);
      else {
        process.kill(owner.pid, 'SIGKILL');
        kills++;
        await sleep(400 * random.uniform());
      }
    }
    expect(kills).toBe(4);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(killed.said()).toContain('ended by SIGKILL before it said what became of it');
    const { code, stdout, stderr } = await gankit(['sweep', 'run', 'killed.json', '--processes', '2'], folder);
    expect(code, stderr).toBe(0);
    expect(stdout).not.toContain('not over');
    expect(await leftBehind(file, 8)).toEqual(await leftBehind(calm, 8));
    const report = await gankit(['sweep', 'report', 'killed.json', '--markdown'], folder);
    expect(report.stdout).toContain('| loss | rate | seeds |');
    expect((await sweepStatus(file)).counts).toMatchObject({ done: 8 });
  }, 600_000);

  test('that is interrupted saves what it made and says how to go on', async () => {
    const file = await saveSweep(path('stopped.json'), smallSweep(1, 50_000));
    const args = ['sweep', 'run', 'stopped.json', '--processes', '2'];
    const running = startCommand(folder, ...args);
    const steps = async () => (await sweepStatus(file)).runs.filter(({ step }) => step > 0).length;
    while ((await steps()) < 2 && running.child.exitCode === null) await sleep(50);
    running.child.kill('SIGINT');
    expect(await running.ended, running.said()).toBe(130);
    expect(running.said()).toContain('Go on with: gankit sweep run stopped.json');
    const { runs, counts } = await sweepStatus(file);
    expect(counts).toMatchObject({ begun: 2, open: 2, running: 0 });
    for (const { folder: of } of runs.slice(0, 2)) expect(await folderUser(of)).toBeUndefined();
  });

  test('is made of flags, and refuses what cannot be one', async () => {
    const flags = ['--data', 'ring', '--loss', 'hinge,minimax', '--learning-rate', '1e-3,2e-3', '--seeds', '3'];
    const made = await inProcess('sweep', 'new', path('made.json'), ...flags);
    expect(made.code, made.stderr).toBe(0);
    expect(made.stderr).toContain('made.json has 12 trials: 4 configurations, each with 3 seeds.');
    const { plan } = await openSweep(path('made.json'));
    expect(plan.configurations[1]!.recipe).toMatchObject({
      loss: { name: 'hinge' },
      optimizers: { generator: { name: 'adam', learningRate: 2e-3 }, discriminator: { learningRate: 2e-3 } },
      metrics: [{ name: 'mode-coverage' }],
    });
    expect(plan.sweep.goal).toEqual({ metric: 'mode-coverage.modesFound', better: 'higher' });
    const asked = await inProcess(
      'sweep',
      'new',
      path('asked.json'),
      '--data',
      'ring',
      '--metric',
      'energy:samples=50',
    );
    expect(asked.code, asked.stderr).toBe(0);
    expect((await openSweep(path('asked.json'))).plan).toMatchObject({
      sweep: {
        base: { metrics: [{ name: 'energy', samples: 50 }], measureEvery: 5000, stopping: { steps: 5000 } },
        goal: { metric: 'energy.distance', better: 'lower' },
      },
    });
    const x = path('x.json');
    for (const [args, code, message] of [
      [['sweep', 'new', path('made.json'), '--data', 'ring'], 1, 'holds another sweep already'],
      [['sweep', 'new', 'x.yaml', '--data', 'ring'], 2, "A sweep is a .json file, such as losses.json; not 'x.yaml'."],
      [['sweep', 'new', x, '--data', 'rign'], 2, "did you mean 'ring'?"],
      [['sweep', 'new', x, '--loss', 'hing,minimax'], 2, "did you mean 'hinge'?"],
      [['sweep', 'new', x, '--data', 'ring', '--vary', 'batchSize'], 2, '--vary takes PATH=VALUE,VALUE'],
      [['sweep', 'new', x, '--data', 'ring', '--vary', 'batchsize=1,2'], 2, "did you mean 'batchSize'?"],
      [['sweep', 'new', x, '--data', 'ring', '--halving', 'x'], 2, '--halving takes FIRST or FIRST:FACTOR'],
      [['sweep', 'new', x, '--data', 'ring', '--goal', 'fid.x'], 2, "the goal is 'fid.x', which no metric"],
      [['sweep', 'new', x, '--data', 'ring', '--metric', 'fdi'], 2, "did you mean 'fid'?"],
      [['sweep', 'script', path('made.json'), '--engine', 'slurm', '--rung', '2'], 2, 'there is no rung 2'],
      [['sweep', 'script', path('made.json'), '--engine', 'kubernetes'], 2, '--engine kubernetes needs --image'],
      [['sweep', 'script', path('made.json'), '--engine', 'slurm', '--image', 'x'], 2, 'to kubernetes alone'],
      [['sweep', 'run', 'nowhere.json'], 1, "The sweep 'nowhere.json' cannot be read"],
      [['sweep', 'report', path('made.json'), '--json', '--markdown'], 2, '--json and --markdown exclude each other'],
      [['sweep', 'worker'], 2, 'Which queue?'],
      [['sweep', 'worker', '--queue', 'redis://10.1.2.3'], 2, 'is another machine: say who you are over TLS'],
      [['trial', path('made.json')], 2, 'Which trial? Say --index N'],
      [['trial', path('made.json'), '--index', '12'], 2, 'there is no trial 12'],
      [['compare', '--data', 'ring', '--loss', 'hinge'], 2, 'There is nothing to compare'],
      [['compare', 'alone'], 2, 'compare takes two run folders'],
      [['compare', path('nothing'), path('nowhere')], 1, "There is no run in '"],
    ] as const) {
      const refused = await inProcess(...args);
      expect(refused, args.join(' ')).toMatchObject({ code, stderr: expect.stringContaining(message) });
    }
  });
});

describe('a trial', () => {
  test('says with its exit code whether trying again helps', async () => {
    const sweep = smallSweep(1, 20);
    await saveSweep(path('codes.json'), {
      ...sweep,
      vary: [{ name: 'told', paths: ['conditioning'], values: [[], [{ name: 'images' }]] }],
    });
    const trial = (...args: string[]) => gankit(['trial', 'codes.json', ...args], folder);
    expect(await trial('--index', '0')).toMatchObject({ code: 0 });
    const failed = await trial('--index', '1', '--json');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('needs pairs of images') });
    expect(JSON.parse(failed.stdout)).toMatchObject({ index: 1, state: 'failed', retry: false });
    // Half of the sweep failed, and the table says so.
    const report = await gankit(['sweep', 'report', 'codes.json'], folder);
    expect(report.stdout).toMatch(/Failed \(images\): .*needs pairs of images/);
    expect(await gankit(['sweep', 'run', 'codes.json'], folder)).toMatchObject({ code: 1 });
    // The folder of the run cannot be made: a file is in its place.
    await saveSweep(path('full.json'), sweep);
    await writeFile(path('full'), '');
    expect(await gankit(['trial', 'full.json', '--index', '0'], folder)).toMatchObject({ code: 75 });
  });
});
