// What surrounds the command goes wrong: readers that leave, full disks, runs that somebody made to do harm, runs that are half there.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, gankit, type Result } from './gankit.ts';

let folder: string;
const small = ['--data', 'ring', '--model', 'mlp', '--width', '8', '--batch-size', '8'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-around-'));
  const made = await gankit(['train', ...small, '--steps', '8', '--quiet', '--out', 'run'], folder);
  expect(made).toEqual({ code: 0, stdout: '', stderr: '' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a line of a shell in which `gankit` is the command. */
async function shell(line: string): Promise<Result> {
  const script = `gankit() { "$0" "$GANKIT" "$@"; }; ${line}`;
  const env = { ...process.env, GANKIT: command };
  try {
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, process.execPath], {
      cwd: folder,
      env,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as unknown as Result;
    return { code, stdout, stderr };
  }
}

/** One sentence, and no stack. */
function expectSentence({ stderr, code }: Result, message: RegExp, wanted: number): void {
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^gankit: [^\n]+\n$/);
  expect(stderr).not.toContain('    at ');
  expect(code).toBe(wanted);
}

describe('output', () => {
  test('a reader that leaves ends the command without a word', async () => {
    const listed = await shell('set -o pipefail; gankit list | head -n 1');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toBe('Recipes (--recipe NAME)\n');
    const trained = await shell(
      `gankit train ${small.join(' ')} --steps 100000 --jsonl --quiet --out left | head -n 3`,
    );
    expect(trained.stderr).toBe('');
    expect(
      trained.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['start', 'step', 'step']);
  });

  test.skipIf(!existsSync('/dev/full'))('a disk that is full behind it is one sentence', async () => {
    expectSentence(await shell('gankit list > /dev/full'), /The output cannot be written \(ENOSPC/, 1);
  });

  test('stdout is for what was asked for, and --quiet says nothing else', async () => {
    const ended = await gankit(['train', ...small, '--steps', '3', '--json', '--quiet', '--out', 'quiet'], folder);
    expect(ended.stderr).toBe('');
    expect(JSON.parse(ended.stdout)).toMatchObject({ run: 'quiet', type: 'end', step: 3, reason: 'completed' });
    const sampled = await gankit(['sample', 'run', '--out', 'points.csv', '--json', '--quiet'], folder);
    expect([JSON.parse(sampled.stdout), sampled.stderr]).toEqual([{ out: 'points.csv', count: 64, shape: [2] }, '']);
    const { stdout } = await gankit(['list', 'losses', '--json'], folder);
    expect(JSON.parse(stdout).losses[0]).toMatchObject({ name: 'non-saturating' });
  });

  test('a terminal that is closed ends a run as Ctrl-C does', async () => {
    const child = spawn(process.execPath, [command, 'train', ...small, '--steps', '100000', '--out', 'closed'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    let closed = false;
    child.stderr.on('data', (text) => {
      told += text;
      if (told.includes('Training') && !closed) closed = child.kill('SIGHUP');
    });
    const code = await new Promise((ended) => child.on('close', ended));
    expect([code, told]).toEqual([129, expect.stringContaining('Go on with: gankit train --resume closed')]);
    expect(existsSync(join(folder, 'closed/report.html'))).toBe(true);
  });
});

describe('runs', () => {
  test.each<[string, string[], RegExp, number]>([
    ['no run to report', ['report', 'nowhere'], /There is no run folder 'nowhere'/, 1],
    ['no run to explain', ['explain', 'nowhere'], /There is no run in 'nowhere'/, 1],
    ['points between points', ['interpolate', 'run'], /makes no images/, 1 + 1],
    [
      'another kind of file',
      ['interpolate', 'run', '--out', 'x.gif'],
      /--out must be a .png or a .apng file, not 'x.gif'/,
      2,
    ],
    ['no samples', ['explain', 'run', '--count', '0'], /--count must be a whole number of at least 1, not '0'/, 2],
    ['no folder to serve', ['serve', 'nowhere'], /There is no folder 'nowhere' with runs/, 1],
    ['a port that is none', ['serve', '.', '--port', '99999'], /A port is a number from 0 to 65535, not 99999/, 2],
    ['a folder that is in use', ['init', 'run'], /The folder 'run' holds files already/, 1],
    ['data that nobody knows', ['init', 'new', '--data', 'mnits'], /did you mean 'mnist'/, 2],
    ['a shell that nobody knows', ['completion', 'tcsh'], /choose one of: bash, zsh, fish/, 2],
    ['an option of another command', ['report', 'run', '--count', '3'], /Unknown option '--count'/, 2],
  ])('%s', async (_, args, message, code) => {
    expectSentence(await gankit(args, folder), message, code);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  /** A copy of the run, with another record. */
  async function withRecord(
    name: string,
    change: (record: { recipes: { recipe: Record<string, unknown> }[] }) => unknown,
  ) {
    await cp(join(folder, 'run'), join(folder, name), { recursive: true });
    const path = join(folder, name, 'run.json');
    const record = JSON.parse(await readFile(path, 'utf8'));
    const changed = change(record);
    await writeFile(path, typeof changed === 'string' ? changed : JSON.stringify(record));
  }

  test('a run of a newer version, and one whose record is damaged', async () => {
    await withRecord('newer', (record) => Object.assign(record, { version: 7 }));
    expectSentence(await gankit(['report', 'newer'], folder), /has version 7, and this GANKit reads 1; update it/, 1);
    await withRecord('damaged', () => '{"format":');
    expectSentence(await gankit(['train', '--resume', 'damaged'], folder), /is not the record of a run/, 1);
  });

  test('a downloaded run runs nobody’s code and reaches into nothing', async () => {
    await writeFile(
      join(folder, 'evil.mjs'),
      `import { writeFileSync } from 'node:fs'; writeFileSync('owned', ''); export default {};`,
    );
    await withRecord('extends', ({ recipes: [played] }) => Object.assign(played!.recipe, { extends: '../evil.mjs' }));
    const extended = await gankit(['train', '--resume', 'extends'], folder);
    expect([extended.code, extended.stderr]).toEqual([expect.any(Number), expect.stringMatching(/^gankit: /)]);
    await mkdir(join(folder, 'hostile'));
    await writeFile(
      join(folder, 'hostile/recipe.json'),
      '{"data":{"name":"ring"},"__proto__":{"polluted":1},"generator":{"name":"mlp","hidden":[1e9,1e9]}}',
    );
    const polluted = await gankit(['train', '--recipe', 'hostile/recipe.json', '--out', 'new'], folder);
    expect(polluted.code).toBe(2);
    expect(polluted.stderr).toContain('__proto__');
    await writeFile(join(folder, 'hostile/module.json'), '{"data":{"name":"ring"},"extends":"../evil.mjs"}');
    expectSentence(
      await gankit(['train', '--recipe', 'hostile/module.json', '--out', 'new'], folder),
      /neither a named recipe nor a .json or .yaml file/,
      2,
    );
    expect(existsSync(join(folder, 'owned'))).toBe(false);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });
});
