// A real Redis on loopback, workers that are killed at random, a Redis that is killed: every trial ends in the bytes of an undisturbed run.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RandomStream } from '@gankit/core';
import { runSweepOnQueue, saveSweep, sweepStatus } from '@gankit/sweeps/node';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftBehind, type Started, smallSweep, startCommand, undisturbed } from './sweep.ts';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('Skipped: there is no redis-server here (Debian: redis-server), so no queue is tried.');

let folder = '';
let address = '';
let server: ChildProcess | undefined;
const workers: Started[] = [];

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as { port: number };
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

/** A Redis that keeps every word on the disk before it answers. */
async function startRedis(): Promise<void> {
  const port = new URL(address).port;
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, ...durable];
  server = spawn('redis-server', args, { stdio: 'ignore' });
  const redis = new Redis(address, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
}

async function stopRedis(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => server!.once('close', resolve));
  server!.kill(signal);
  await ended;
}

/** A worker with one trial at a time, which others give up after two seconds. */
function startWorker(): Started {
  const worker = startCommand(folder, 'sweep', 'worker', '--queue', address, '--processes', '1', '--patience', '2');
  workers.push(worker);
  return worker;
}

describe.skipIf(!hasRedis)('a queue on Redis', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gankit-queue-'));
    address = `redis://127.0.0.1:${await freePort()}`;
    await startRedis();
  });
  afterAll(async () => {
    for (const { child } of workers) child.kill('SIGKILL');
    await stopRedis('SIGKILL');
    // Trials that lost their worker stop by themselves, and may write until then.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  });

  test('20 trials, workers killed at random, Redis killed once: the bytes of an undisturbed sweep, no trial twice at once', async () => {
    const sweep = smallSweep(5, 120);
    const calm = await undisturbed(folder, sweep);
    const file = await saveSweep(join(folder, 'killed.json'), sweep);
    const random = new RandomStream(3);
    const current = [startWorker(), startWorker()];
    let over = 0;
    const notes: string[] = [];
    const watching = runSweepOnQueue(file, {
      queue: address,
      interval: 200,
      onNote: (sentence) => notes.push(sentence),
      onEvent: (event) => {
        if (event.type === 'end') over++;
      },
    });
    let kills = 0;
    let redisKilled = false;
    let ended = false;
    const finished = watching.finally(() => {
      ended = true;
    });
    while (!ended) {
      await Promise.race([finished, sleep(500 + 1500 * random.uniform())]);
      if (!ended && kills < 6 && over < 16) {
        const victim = random.integer(2);
        // Only one that has begun to work is worth it.
        if (!current[victim]!.said().includes('begins')) continue;
        current[victim]!.child.kill('SIGKILL');
        await current[victim]!.ended;
        current[victim] = startWorker();
        kills++;
      }
      if (!ended && !redisKilled && over >= 5) {
        redisKilled = true;
        await stopRedis('SIGKILL');
        await sleep(500);
        await startRedis();
      }
    }
    const results = await finished;
    expect([...results.values()].map(({ state, message }) => (state === 'done' ? '' : message)).join('')).toBe('');
    expect(results.size).toBe(20);
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(redisKilled).toBe(true);
    expect(notes.join()).toMatch(/is away \(.*\); it is waited for\.,Redis at .* is back\./);
    // The numbers of every step stand once in each run: nobody trained beside another.
    expect(await leftBehind(file, 20)).toEqual(await leftBehind(calm, 20));
    // A worker that is asked to stop ends well.
    current[0]!.child.kill('SIGTERM');
    expect(await current[0]!.ended, current[0]!.said()).toBe(0);
    current[1]!.child.kill('SIGTERM');
    await current[1]!.ended;
  }, 600_000);

  test('jobs that are no trials of this folder are refused, and nothing is run for them', async () => {
    const file = await saveSweep(join(folder, 'mine.json'), { ...smallSweep(1, 5), vary: [] });
    const worker = startWorker();
    const redis = new Redis(address, { maxRetriesPerRequest: null });
    const queue = new Queue('gankit-trials', { connection: redis });
    const job = { version: 1, name: 'mine', id: file.id, index: 0 };
    const bad: readonly (readonly [unknown, RegExp])[] = [
      [{ ...job, version: 2 }, /version is 2, and this worker takes 1/],
      [{ ...job, name: '../mine' }, /name must be the name of a file without its folder/],
      [{ ...job, command: 'rm' }, /command is no option of a job/],
      [{ ...job, index: -1 }, /index must be a whole number/],
      ['rm -rf', /must be an object/],
      [{ ...job, id: '0123456789abcdef' }, /is not the one that was handed in/],
      [{ ...job, index: 7 }, /is not the one that was handed in/],
      [{ ...job, name: 'nothing' }, /cannot be read/],
    ];
    try {
      for (const [data, message] of bad) {
        const added = await queue.add('trial', data, { attempts: 1 });
        while ((await added.getState()) !== 'failed') await sleep(50);
        const failed = await queue.getJob(added.id!);
        expect(failed?.failedReason).toMatch(message);
      }
      expect((await sweepStatus(file)).counts.open).toBe(1);
      // A trial that cannot be trained is told with its reason, and is not tried again.
      const hopeless = await saveSweep(join(folder, 'hopeless.json'), {
        ...smallSweep(1, 5),
        vary: [{ name: 'told', paths: ['conditioning'], values: [[{ name: 'images' }]] }],
      });
      const results = await runSweepOnQueue(hopeless, { queue: address, interval: 100 });
      expect(results.get(0)).toMatchObject({
        state: 'failed',
        message: expect.stringContaining('needs pairs of images'),
      });
    } finally {
      worker.child.kill('SIGTERM');
      await worker.ended;
      await queue.close();
      redis.disconnect();
    }
  });

  test('a Redis that is not there is one sentence', async () => {
    const file = await saveSweep(join(folder, 'away.json'), { ...smallSweep(1, 5), vary: [] });
    await expect(runSweepOnQueue(file, { queue: `redis://127.0.0.1:${await freePort()}` })).rejects.toThrow(
      /^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED/,
    );
  });
});
