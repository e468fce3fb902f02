// Every example, and the program of the README, is run as it stands, with fewer steps.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const examples = join(root, 'examples');

/** Runs a program and gives what it printed; a failure shows what it said. */
async function run(path: string, steps = 5): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
    cwd: root,
    env: { ...process.env, STEPS: `${steps}`, TRAIN: '256', TEST: '250', EPOCHS: '1' },
  });
  return stdout;
}

const names = (await readdir(examples)).filter((name) => name.endsWith('.ts'));

test.each(names)('%s runs and prints numbers', async (name) => {
  const output = await run(join(examples, name));
  expect(output).toMatch(/\d/);
  expect(output).not.toMatch(/NaN|Infinity/);
});

/** The numbers that a pattern's groups find in each of its matches. */
function numbersIn(output: string, pattern: RegExp): number[][] {
  return [...output.matchAll(pattern)].map((match) => match.slice(1).map(Number));
}

test('the loop by hand is under 40 lines, teaches the generator and leaves no tensor behind', async () => {
  const path = join(examples, 'hand-written-loop.ts');
  expect((await readFile(path, 'utf8')).trimEnd().split('\n').length).toBeLessThan(40);
  const output = await run(path, 100);
  expect(numbersIn(output, /step \d+: D (\S+), G (\S+)/g)).toHaveLength(5);
  const [[radius]] = numbersIn(output, /lie (\S+) from/g) as [number[]];
  // 2.56 before the first step.
  expect(Math.abs(radius! - 0.95)).toBeLessThan(0.25);
  expect(output).toContain('\n0 tensors are left');
});

test('WGAN-GP from parts finds all modes', async () => {
  const output = await run(join(examples, 'wgan-gp-from-parts.ts'), 100);
  expect(output).toContain('8 of 8 modes');
  expect(numbersIn(output, /reverse KL (\S+)/g)[0]![0]).toBeLessThan(0.1);
});

test('a game of time series learns what a day looks like', async () => {
  const output = await run(join(examples, 'non-image-data.ts'), 150);
  const [[before], [after], [real]] = numbersIn(output, /correlate by (\S+),/g) as [number[], number[], number[]];
  expect(before).toBeLessThan(0.3);
  expect(after).toBeGreaterThan(0.6);
  expect(real).toBeGreaterThan(0.95);
});

test('a recipe is trained, its loss swapped in the middle, and what it made is measured', async () => {
  const output = await run(join(examples, 'recipe.ts'), 40);
  expect(output).toContain('From step 20 on: another loss.');
  expect(output).toMatch(/'mode-coverage.modesFound': \d/);
});

test("a schedule and negatives of one's own are played, and the monitor tells what it finds", async () => {
  const output = await run(join(examples, 'own-schedule-and-negatives.ts'), 100);
  const counts = numbersIn(output, /^(\d+) of 100 steps with \d discriminator updates$/gm).flat();
  expect(counts.length).toBeGreaterThan(1);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  const findings = output.match(/^finding \d+, step \d+, [a-z-]+: .*\.$/gm) ?? [];
  expect(output).toContain(`the monitor made ${findings.length} findings`);
});

test('a run that was broken off ends with the weights and the log of an unbroken one', async () => {
  const lines = (await run(join(examples, 'never-lose-a-run.ts'), 20)).trimEnd().split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'step 20, 20 lines',
    'step 10, 10 lines',
    'resumed from the checkpoint of step 8',
    'step 20, 20 lines',
  ]);
  const [unbroken, resumed] = lines.slice(4).map((line) => line.split(/ +/)[1]);
  expect(unbroken).toMatch(/^[0-9a-f]{64}$/);
  expect(resumed).toBe(unbroken);
});

test('the program of the README trains', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const program = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
  expect(program).toContain('steps: 1000');
  // Beside the examples, so that it finds the packages.
  const folder = await mkdtemp(join(examples, '.readme-'));
  try {
    const path = join(folder, 'program.ts');
    await writeFile(path, program.replace('steps: 1000', 'steps: 20').replace('% 100', '% 10'));
    const lines = (await run(path))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(lines.map(([step]) => step)).toEqual([10, 20]);
    expect(lines.flat().every(Number.isFinite)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
