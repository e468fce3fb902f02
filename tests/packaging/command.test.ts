// The published command in an empty project: it trains and samples from its build, without the workspace.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeProject, type Project } from './project.ts';
import { run } from './run.ts';

let project: Project;
const gankit = (...parameters: string[]) => run(project.folder, 'npx', '--no-install', 'gankit', ...parameters);

beforeAll(async () => {
  project = await makeProject(['@gankit/cli'], {});
});
afterAll(() => project?.remove());

test('the command trains on a toy distribution and draws points from what it learned', async () => {
  expect(await gankit('--help')).toContain('Usage: gankit');
  const training = ['--data', 'ring', '--model', 'mlp', '--steps', '20', '--batch-size', '32', '--seed', '1'];
  await gankit('train', ...training, '--out', 'runs/ring');
  await gankit('sample', 'runs/ring', '--count', '50', '--out', 'points.csv');
  const lines = (await readFile(join(project.folder, 'points.csv'), 'utf8')).trim().split('\n');
  const points = lines.map((line) => line.split(',').map(Number)).filter((point) => point.every(Number.isFinite));
  expect(points).toHaveLength(50);
});

test('a wrong name is one sentence and exit code 2', async () => {
  await expect(gankit('train', '--data', 'rign')).rejects.toThrow(/exited with 2:[\s\S]*\ngankit: .*"rign".*'ring'/);
});
