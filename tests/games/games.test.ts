// Every named part, conditional games among them, is the same game on every backend in Node.
import { selectBackend } from '@gankit/backends';
import { beforeAll, describe, expect, test } from 'vitest';
import { agree } from './agree.ts';
import { games, play } from './games.ts';

const expected = new Map<string, Record<string, number>>();

beforeAll(async () => {
  await selectBackend({ prefer: 'cpu', fallback: false });
});

test.each(Object.keys(games))('%s on cpu', async (name) => {
  const told = await play(games[name]!);
  expect(Object.keys(told).length).toBeGreaterThanOrEqual(2);
  expect(Object.values(told).every(Number.isFinite)).toBe(true);
  expected.set(name, told);
});

describe.each(['wasm', 'onnx'] as const)('%s', (backend) => {
  beforeAll(async () => {
    await selectBackend({ prefer: backend, fallback: false });
  });

  test.each(Object.keys(games))('%s', async (name) => {
    agree(await play(games[name]!), expected.get(name)!);
  });
});
