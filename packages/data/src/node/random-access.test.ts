// Parts of files and of what a server gives.
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataset } from './open-dataset.ts';
import { openRandomAccess } from './random-access.ts';
import { recorded } from './recorded.fixture.ts';

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-bytes-'));
});
afterEach(async () => {
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that gives ranges of a file. */
async function serveFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  return serve((request, response) => {
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
    const part = bytes.subarray(Number(from), Number(to) + 1);
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${bytes.length}`, etag: '"1"' }).end(part);
  });
}

test('a file is read in parts, by path and by address', async () => {
  const path = join(folder, 'ten');
  await writeFile(path, Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  for (const place of [path, pathToFileURL(path).href]) {
    const file = await openRandomAccess(place);
    expect(file).toMatchObject({ name: 'ten', size: 10 });
    expect([...(await file.read(3, 4))]).toEqual([3, 4, 5, 6]);
    expect((await file.read(10, 0)).length).toBe(0);
    await expect(file.read(8, 3)).rejects.toMatchObject({ code: 'invalid-data' });
    await expect(file.read(-1, 3)).rejects.toMatchObject({ code: 'invalid-data' });
    await file.close();
  }
});

test('a file that became shorter since it was opened is told', async () => {
  const path = join(folder, 'shrinking');
  await writeFile(path, new Uint8Array(100));
  const file = await openRandomAccess(path);
  await truncate(path, 10);
  await expect(file.read(0, 100)).rejects.toThrow(/was cut short/);
  await file.close();
});

test.each(['pictures-zstd.parquet', 'stylegan.zip', 'webdataset-000000.tar', 'images.npz', 'uint8.npy'])(
  '%s is opened from a server that gives ranges',
  async (name) => {
    const address = await serveFile(recorded(name));
    const source = await openDataset(`${address}/${name}`);
    const { value } = await source.batches({ batchSize: 2 }).next();
    expect(value!.data.shape[0]).toBe(2);
    value!.data.dispose();
    value!.labels?.dispose();
  },
);

test.each([
  ['has nothing there', 404, /answers 404 Not Found/],
  ['gives no ranges', 200, /gives whole files only/],
])('a server that %s is told in a sentence', async (_, status, message) => {
  const address = await serve((_request, response) => response.writeHead(status).end('all of it'));
  await expect(openRandomAccess(`${address}/set.zip`)).rejects.toThrow(message);
});

test('a server that is not there is told in a sentence', async () => {
  await expect(openRandomAccess('http://127.0.0.1:9/set.zip')).rejects.toMatchObject({ code: 'file' });
});
