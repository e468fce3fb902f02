// A run survives: kills at any moment, signals, a full disk. What resumes ends in the same bytes as a run that was never stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { RandomStream } from '@gankit/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, gankit } from './gankit.ts';

const kills = 20;
const steps = 900;
const game = ['--data', 'ring', '--steps', String(steps), '--width', '16', '--batch-size', '32', '--backend', 'cpu'];
// Parts with state of every kind: penalties, an average, a schedule, negatives from the past, noise on the input.
const parts = [
  ...['--penalty', 'lecam', '--average', '2000', '--schedule', 'adaptive', '--negatives', 'replay'],
  ...['--instance-noise', '0.1', '--checkpoint-every', '3', '--sample-every', '300'],
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const path = (...names: string[]) => join(folder, ...names);
const checkpoints = (run: string) =>
  existsSync(path(run, 'checkpoints')) ? readdirSync(path(run, 'checkpoints')) : [];
const newest = (run: string) =>
  checkpoints(run)
    .filter((name) => name.startsWith('step-'))
    .sort()
    .at(-1);

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [command, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr!.on('data', (text: Buffer) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

/** Waits until the run has a checkpoint that it had not before, or its process has ended. */
async function newCheckpoint(run: string, child: ChildProcess, before = newest(run)): Promise<void> {
  while (child.exitCode === null && newest(run) === before) await setTimeout(5);
}

/** Everything that a run ends with must be equal. */
async function expectSameRun(run: string, unbroken: string): Promise<void> {
  const last = newest(unbroken)!;
  const files = [
    'metrics.jsonl',
    'samples.png',
    'generator/generator.safetensors',
    `checkpoints/${last}/state.safetensors`,
    `checkpoints/${last}/checkpoint.json`,
  ];
  for (const file of files) {
    const [a, b] = [await readFile(path(run, file)), await readFile(path(unbroken, file))];
    expect(a.equals(b), `${file} of ${run}`).toBe(true);
  }
}

/** A process that sees a checkpoint being written. */
async function partialCheckpoint(run: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && !checkpoints(run).some((name) => name.endsWith('.partial'))) await setImmediate();
}

describe('a long run', () => {
  beforeAll(async () => {
    const { code, stderr } = await gankit(['train', ...game, ...parts, '--out', 'unbroken'], folder);
    expect(code, stderr).toBe(0);
  });

  test(`killed ${kills} times, also while it writes a checkpoint, ends in the same bytes`, async () => {
    const random = new RandomStream('kills');
    let duringWrite = 0;
    for (let kill = 0; kill < kills; kill++) {
      const args = kill === 0 ? [...game, ...parts, '--out', 'killed'] : ['--resume', 'killed'];
      const child = start('train', ...args);
      const closed = ended(child);
      // The very first kills come before anything was made; then half of them wait for a write.
      if (kill === 0) while (child.exitCode === null && !existsSync(path('killed', 'run.json'))) await setTimeout(1);
      else {
        await newCheckpoint('killed', child);
        if (kill % 2 === 0) await partialCheckpoint('killed', child);
        else await setTimeout(random.integer(80));
      }
      child.kill('SIGKILL');
      const { code, stderr } = await closed;
      expect(code, `kill ${kill}: ${stderr}`).toBeNull();
      if (checkpoints('killed').some((name) => name.endsWith('.partial'))) duringWrite++;
    }
    expect(duringWrite).toBeGreaterThan(0);
    const { code, stderr } = await gankit(['train', '--resume', 'killed'], folder);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Goes on from the checkpoint of step \d+/);
    await expectSameRun('killed', 'unbroken');
    expect((await readdir(path('killed', 'checkpoints'))).every((name) => name.startsWith('step-'))).toBe(true);
  });

  test('ended by SIGTERM exits with 143, and resumes to the same bytes; a damaged checkpoint is passed over', async () => {
    const child = start('train', ...game, ...parts, '--out', 'terminated');
    const closed = ended(child);
    await newCheckpoint('terminated', child);
    await newCheckpoint('terminated', child);
    child.kill('SIGTERM');
    const { code, stderr } = await closed;
    expect(code, stderr).toBe(143);
    expect(stderr).toContain('Go on with: gankit train --resume terminated');
    const state = path('terminated', 'checkpoints', newest('terminated')!, 'state.safetensors');
    const bytes = await readFile(state);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(state, bytes);
    const resumed = await gankit(['train', '--resume', 'terminated'], folder);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stderr).toContain('the checksum of state.safetensors is wrong');
    await expectSameRun('terminated', 'unbroken');
  });

  test('that is complete is left alone', async () => {
    const { code, stderr } = await gankit(['train', '--resume', 'unbroken'], folder);
    expect(code).toBe(0);
    expect(stderr).toContain(`The run in unbroken is complete: ${steps} steps.`);
  });

  test('is refused with another configuration, and the difference is shown', async () => {
    const args = ['train', '--resume', 'unbroken', '--width', '32', '--batch-size', '8', '--loss', 'hinge'];
    const { code, stderr } = await gankit(args, folder);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'cannot go on as another one: batchSize was 32 and would be 8; generator.hidden was [16,16] and would be [32,32]; discriminator.hidden was [16,16] and would be [32,32]. Leave that out',
    );
    const same = await gankit(['train', '--resume', 'unbroken', '--width', '16', '--batch-size', '32'], folder);
    expect(same).toMatchObject({ code: 0 });
  });
});

test('a game in which the monitor finds something ends in the same bytes, findings included', async () => {
  // The discriminator learns nothing about the generator, which soon fools it altogether.
  const blind = [...game, '--steps', '500', '--negatives', 'pure-noise', '--checkpoint-every', '1'];
  const { code, stderr } = await gankit(['train', ...blind, '--out', 'findings'], folder);
  expect(code, stderr).toBe(0);
  const lines = (await readFile(path('findings', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const findings = lines.filter((line) => line.includes('"type":"finding"'));
  expect(findings.length).toBeGreaterThan(0);
  // A finding stands before the step that it belongs to.
  const at = lines.indexOf(findings[0]!);
  expect(JSON.parse(lines[at + 1]!).step).toBe(JSON.parse(lines[at]!).step);
  for (let kill = 0; kill < 5; kill++) {
    const args = kill === 0 ? [...blind, '--out', 'findings-killed'] : ['--resume', 'findings-killed'];
    const child = start('train', ...args);
    const closed = ended(child);
    for (let saved = 0; saved < 40; saved++) await newCheckpoint('findings-killed', child);
    child.kill('SIGKILL');
    await closed;
  }
  expect(await gankit(['train', '--resume', 'findings-killed'], folder)).toMatchObject({ code: 0 });
  await expectSameRun('findings-killed', 'findings');
});

test('a run can be given more steps, and other intervals; what would make it another run is refused', async () => {
  const short = [...game, '--learning-rate-decay', '1'];
  expect(await gankit(['train', ...short, '--steps', '60', '--out', 'long'], folder)).toMatchObject({ code: 0 });
  expect(await gankit(['train', ...short, '--steps', '20', '--out', 'more'], folder)).toMatchObject({ code: 0 });
  const more = await gankit(['train', '--resume', 'more', '--steps', '60', '--sample-every', '30'], folder);
  expect(more).toMatchObject({ code: 0 });
  expect(more.stderr).toContain(
    'Changed from step 20 on: stopping.steps was 20 and is now 60; pictures.every was 1 and is now 30.',
  );
  // Nothing in this game depends on its length, so it is the game that was planned as long from the start.
  const [a, b] = [await readFile(path('more', 'metrics.jsonl')), await readFile(path('long', 'metrics.jsonl'))];
  expect(a.equals(b)).toBe(true);
  expect(JSON.parse(await readFile(path('more', 'recipe.json'), 'utf8'))).toMatchObject({
    stopping: { steps: 60 },
    pictures: { every: 30 },
  });
  const { recipes } = JSON.parse(await readFile(path('more', 'run.json'), 'utf8'));
  expect(recipes).toMatchObject([
    { after: 0, recipe: { stopping: { steps: 20 } } },
    { after: 20, recipe: { stopping: { steps: 60 } } },
  ]);
  const fewer = await gankit(['train', '--resume', 'more', '--steps', '30'], folder);
  expect(fewer).toMatchObject({ code: 2 });
  expect(fewer.stderr).toContain('was to make 60 steps and cannot be shortened to 30');
});

test('a disk that is full ends the run with one sentence; with room again it goes on to the same bytes', async () => {
  const short = [...game, '--steps', '40', '--checkpoint-every', '3', '--sample-every', '40'];
  expect(await gankit(['train', ...short, '--out', 'roomy'], folder)).toMatchObject({ code: 0 });
  const child = start('train', ...short, '--out', 'full');
  const closed = ended(child);
  await newCheckpoint('full', child);
  child.kill('SIGKILL');
  await closed;
  const before = newest('full');
  // No file may grow beyond 8 KiB: writes fail in the middle, as on a full disk, for root as well.
  const limited = spawn(
    'bash',
    ['-c', 'ulimit -f 8; exec "$@"', '-', process.execPath, command, 'train', '--resume', 'full'],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const { code, stderr } = await ended(limited);
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/cannot be written .*What was made until then is in full\./);
  expect(newest('full')).toBe(before);
  expect(await gankit(['train', '--resume', 'full'], folder)).toMatchObject({ code: 0 });
  await expectSameRun('full', 'roomy');
});

test('two processes do not train in the same folder', async () => {
  const child = start('train', ...game, '--out', 'shared');
  const closed = ended(child);
  await newCheckpoint('shared', child);
  const { code, stderr } = await gankit(['train', '--resume', 'shared'], folder);
  child.kill('SIGKILL');
  await closed;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`Process ${child.pid} on '.*' has been training in 'shared' since .*; stop it first`),
  );
});

test('what cannot be resumed is said in one sentence', async () => {
  const nothing = await gankit(['train', '--resume', 'nowhere'], folder);
  expect(nothing).toMatchObject({ code: 1 });
  expect(nothing.stderr).toContain("There is no run in 'nowhere' to go on with");
  const both = await gankit(['train', '--resume', 'nowhere', '--out', 'x'], folder);
  expect(both).toMatchObject({ code: 2 });
  expect(both.stderr).toContain('leave --out away');
});
