import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepEvent } from '@gankit/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const step = (number: number): StepEvent => ({
  type: 'step',
  step: number,
  discriminator: { adversarialLoss: 1 / number, objective: 2, penalties: { r1: 0.5 }, fakeLogit: -1 },
  realSamples: 1,
  discriminatorUpdates: 1,
  generatorUpdates: 0,
  samplesSeen: number,
});

test('every step is one line, and nothing else is', async () => {
  const path = join(folder, 'metrics.jsonl');
  const lines = await jsonLines(path);
  await lines.onEvent({ type: 'start', step: 0 });
  for (let number = 1; number <= 120; number++) await lines.onEvent(step(number));
  // What was collected is on disk long before the end.
  expect((await readFile(path, 'utf8')).split('\n').length).toBeGreaterThan(100);
  await lines.onEvent({ type: 'end', step: 120, reason: 'completed' });
  await lines.close();
  const written = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(written).toHaveLength(120);
  const { type, ...numbers } = step(7);
  expect(written[6]).toEqual(numbers);
});

test('an existing file is not written over', async () => {
  const path = join(folder, 'metrics.jsonl');
  await writeFile(path, 'precious');
  await expect(jsonLines(path)).rejects.toMatchObject({ code: 'file', path });
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('a resumed file is cut to where it was saved, and goes on there', async () => {
  const path = join(folder, 'metrics.jsonl');
  const killed = await jsonLines(path);
  for (let number = 1; number <= 3; number++) await killed.onEvent(step(number));
  const state = await killed.saveState();
  for (let number = 4; number <= 80; number++) await killed.onEvent({ ...step(number), samplesSeen: -1 });
  await killed.close();

  const resumed = await jsonLines(path, { resume: true });
  resumed.loadState(JSON.parse(JSON.stringify(state)));
  await resumed.onEvent(step(4));
  const finding = { type: 'finding', step: 4, finding: 'equilibrium', reason: 'even' } as const;
  await resumed.onEvent(finding);
  await resumed.close();
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.step)).toEqual([1, 2, 3, 4, 4]);
  expect(lines[3]).toMatchObject({ samplesSeen: 4 });
  expect(lines[4]).toEqual(finding);
});
