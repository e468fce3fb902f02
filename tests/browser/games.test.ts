// Every named part, conditional games among them, is the same game on every backend of a page; the cpu backend is the measure.
import { selectBackend } from '@gankit/backends';
import { beforeAll, describe, expect, test } from 'vitest';
import { agree } from '../games/agree.ts';
import { games, play } from '../games/games.ts';
import { wasmPaths } from './wasm-paths.ts';

const expected = new Map<string, Record<string, number>>();

test('every game on cpu', async () => {
  await selectBackend({ prefer: 'cpu', fallback: false });
  for (const [name, game] of Object.entries(games)) expected.set(name, await play(game));
  expect(expected.size).toBe(Object.keys(games).length);
});

describe.each(['wasm', 'webgl', 'webgpu'] as const)('%s', (backend) => {
  beforeAll(async () => {
    await selectBackend({ prefer: backend, fallback: false, wasmPaths });
  });

  test.each(Object.keys(games))('%s', async (name) => {
    agree(await play(games[name]!), expected.get(name)!);
  });
});
