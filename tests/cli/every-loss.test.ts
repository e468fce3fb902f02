// Every loss of the registry trains from the command line, with the discriminator that it needs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { losses } from '@gankit/losses/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-losses-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(losses.names)('gankit train --data grid --model mlp --loss %s', async (loss) => {
  const small = ['--steps', '3', '--batch-size', '16', '--width', '16'];
  const { code, stderr } = await gankit(
    ['train', '--data', 'grid', '--model', 'mlp', '--loss', loss, ...small, '--out', loss],
    folder,
  );
  expect(code, stderr).toBe(0);
  const lines = (await readFile(join(folder, loss, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  const { discriminator, generator } = JSON.parse(lines[2]!);
  expect([discriminator.adversarialLoss, generator.adversarialLoss].every(Number.isFinite)).toBe(true);
  // The line shows what means something for this loss, and nothing else.
  const shown = stderr
    .split('\n')
    .filter((line) => line.includes(' 3/3 '))
    .at(-1)!;
  expect(shown).toMatch(/ D -?\d+\.\d{3} {2}G -?\d+\.\d{3} {2}/);
  const { decision = 'none', probabilities = false } = losses.entry(loss);
  expect(/D\(x\) [01]\.\d\d {2}D\(G\(z\)\) [01]\.\d\d/.test(shown)).toBe(probabilities);
  expect(/D right \d+ %/.test(shown)).toBe(decision !== 'none');
  expect(shown).not.toMatch(/NaN|undefined| - /);
});
