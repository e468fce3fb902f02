// The page of all runs answers its own machine, shows what is there, and nothing else.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedRecipes, type Recipe, readRecipe, resolveRecipe } from '@gankit/recipes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunsServer, serveRuns } from './index.ts';

let folder: string;
let server: RunsServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-serve-'));
  const facts = { name: 'ring', kind: 'points', shape: [2], hasModes: true } as const;
  const recipe = resolveRecipe(await readRecipe({ ...namedRecipes['ring'], data: { name: 'ring' } } as Recipe), facts);
  const record = JSON.stringify({
    ...{ format: 'gankit-run', version: 1, environment: { backend: 'cpu' }, tensorBoard: false },
    recipes: [{ after: 0, recipe }],
  });
  for (const name of ['runs/one', 'runs/two <b>', 'runs/broken', 'elsewhere/secret']) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'run.json'), name === 'runs/broken' ? '{}' : record);
    await writeFile(
      join(folder, name, 'metrics.jsonl'),
      '{"step":3,"accuracy":0.5,"discriminator":{"realScore":0.5}}\n',
    );
  }
  await mkdir(join(folder, 'runs/no-run'));
  await symlink(join(folder, 'elsewhere/secret'), join(folder, 'runs/link'));
  server = await serveRuns(join(folder, 'runs'), { port: 0 });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request as any program can make it, with any header. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port, host } = new URL(server.address);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { Host: host, ...headers } }, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

test('all runs are there, one that cannot be read is named with its reason, a link out of the folder is not followed', async () => {
  const { status, text, headers } = await ask('/');
  expect(status).toBe(200);
  expect(text).toContain('href="/runs/one"');
  expect(text).toContain('href="/runs/two%20%3Cb%3E"');
  expect(text).toContain('two &lt;b&gt;');
  expect(text).toMatch(/<li>broken: .*was damaged/);
  expect(text).not.toContain('no-run');
  expect(text).not.toContain('runs/link');
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
});

test('the report of a run is there, and nothing beside the runs', async () => {
  expect((await ask('/runs/two%20%3Cb%3E')).text).toContain('<h1>two &lt;b&gt;</h1>');
  for (const path of [
    '/runs/link',
    '/runs/..',
    '/runs/%2e%2e%2felsewhere%2fsecret',
    '/runs/no-run',
    '/runs/%ff',
    '/samples/one',
    '/etc/passwd',
    '/runs/one/run.json',
    '//x',
  ]) {
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
  }
});

test('a page of somebody else is not answered', async () => {
  const { host, port } = new URL(server.address);
  expect((await ask('/', { Host: `localhost:${port}` })).status).toBe(200);
  expect((await ask('/', { Origin: `http://${host}` })).status).toBe(200);
  for (const headers of [
    { Host: `evil.example:${port}` },
    { Host: '127.0.0.1:1' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `https://${host}` },
    { 'Sec-Fetch-Site': 'cross-site' },
  ]) {
    expect([headers, (await ask('/', headers as Record<string, string>)).status]).toEqual([headers, 403]);
  }
});

test('it is only read', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await ask('/', {}, method)).status).toBe(405);
  expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' });
});

test('a folder that is not there, and a port that is taken, are one sentence', async () => {
  await expect(serveRuns(join(folder, 'nowhere'))).rejects.toThrow('There is no folder');
  const port = Number(new URL(server.address).port);
  await expect(serveRuns(folder, { port })).rejects.toThrow('another program has it; choose another with --port');
});
