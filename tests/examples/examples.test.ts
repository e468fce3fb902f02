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
async function run(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
    cwd: root,
    env: { ...process.env, STEPS: '5', TRAIN: '256', TEST: '250', EPOCHS: '1' },
  });
  return stdout;
}

const names = (await readdir(examples)).filter((name) => name.endsWith('.ts'));

test.each(names)('%s runs and prints numbers', async (name) => {
  const output = await run(join(examples, name));
  expect(output).toMatch(/\d/);
  expect(output).not.toMatch(/NaN|Infinity/);
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
