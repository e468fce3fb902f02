import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isLockFile, lockFolder } from './folder-lock.ts';
import type { LockerReply, LockerRequest } from './folder-locker.fixture.ts';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-lock-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const lock = () => join(folder, '.gankit-lock');
const quick = { heartbeat: 50, patience: 400 };

/** The claim in the lock, as a file and as JSON. */
async function claim() {
  const [name = ''] = await readdir(lock());
  const path = join(lock(), name);
  return { path, owner: JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown> };
}

/** A lock that another owner left, made of a real one. @param age Milliseconds since its last sign of life. */
async function leaveLock(changes: Readonly<Record<string, unknown>>, age = 0, uuid = 'another'): Promise<string> {
  const held = await lockFolder(folder, { activity: 'training' });
  const { owner } = await claim();
  await held.release();
  const path = join(lock(), `${uuid}.json`);
  await mkdir(lock());
  await writeFile(path, JSON.stringify({ ...owner, uuid, ...changes }));
  await setAge(path, age);
  return path;
}

async function setAge(path: string, age: number): Promise<void> {
  const time = new Date(Date.now() - age);
  await utimes(path, time, time);
}

/** The number of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

const fixture = fileURLToPath(new URL('folder-locker.fixture.ts', import.meta.url));

function locker(wrapper: readonly string[] = []) {
  const [command = '', ...args] = [...wrapper, process.execPath, '--import', 'tsx', fixture];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  const replies: LockerReply[] = [];
  child.on('message', (reply) => replies.push(reply as LockerReply));
  const next = async (): Promise<LockerReply> => {
    while (replies.length === 0) {
      if (child.exitCode !== null) throw new Error(`The locker ended with code ${child.exitCode}.`);
      await Promise.race([once(child, 'message'), once(child, 'exit')]);
    }
    return replies.shift()!;
  };
  return {
    child,
    next,
    ask(request: LockerRequest): Promise<LockerReply> {
      child.send(request);
      return next();
    },
  };
}

test('is given to one at a time, is seen in the folder meanwhile, and leaves nothing behind', async () => {
  const held = await lockFolder(folder, { activity: 'training' });
  expect((await readdir(folder)).every(isLockFile)).toBe(true);
  await expect(lockFolder(folder)).rejects.toMatchObject({
    code: 'conflict',
    value: process.pid,
    message: expect.stringMatching(
      new RegExp(
        `^Process ${process.pid} on '${hostname()}' has been training in '.*' since [-0-9]{10} [:0-9]{8} UTC; stop it first\\.$`,
      ),
    ),
  });
  await held.confirm();
  await held.release();
  await held.release();
  await expect(held.confirm()).rejects.toMatchObject({ code: 'conflict' });
  expect(await readdir(folder)).toEqual([]);
  {
    await using again = await lockFolder(folder);
    await again.confirm();
  }
  expect(await readdir(folder)).toEqual([]);
});

test('one of many that ask at once in one process gets it', async () => {
  for (let round = 0; round < 20; round++) {
    const asked = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
    const owners = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(owners).toHaveLength(1);
    await owners[0]!.release();
  }
});

test('four processes at one moment, 200 rounds, half of them with a lock that a dead process left: one owner each time', async () => {
  const lockers = Array.from({ length: 4 }, () => locker());
  // All of them are up when they have answered once.
  for (const { ask } of lockers) await ask({ do: 'release' });
  const pid = endedProcess();
  const ownersPerRound: number[] = [];
  for (let round = 0; round < 200; round++) {
    if (round % 2 === 1) await leaveLock({ pid }, 0, `stale-${round}`);
    const at = Date.now() + 10;
    const replies = await Promise.all(lockers.map(({ ask }) => ask({ do: 'lock', folder, at })));
    for (const { done, message } of replies) {
      if (done === 'refused') expect(message).toMatch(/^Process \d+ on .* has been training in /);
    }
    ownersPerRound.push(replies.filter(({ done }) => done === 'locked').length);
    await Promise.all(lockers.map(({ ask }) => ask({ do: 'release' })));
    expect(await readdir(folder)).toEqual([]);
  }
  expect(ownersPerRound).toEqual(new Array(200).fill(1));
});

test('a folder that four processes lock and give back without rest never has two owners', async () => {
  const lockers = Array.from({ length: 4 }, () => locker());
  const counter = join(folder, 'owners');
  await writeFile(counter, '');
  let owners = 0;
  let most = 0;
  let turns = 0;
  const end = Date.now() + 2000;
  await Promise.all(
    lockers.map(async ({ ask }) => {
      while (Date.now() < end) {
        const { done } = await ask({ do: 'lock', folder, at: 0 });
        if (done !== 'locked') continue;
        most = Math.max(most, ++owners);
        turns++;
        owners--;
        await ask({ do: 'release' });
      }
    }),
  );
  expect(most).toBe(1);
  expect(turns).toBeGreaterThan(20);
});

describe('a lock that was left behind', () => {
  test.each([
    ['by a process that has ended', () => ({ pid: endedProcess() })],
    // The number was given to another process since: this one.
    ['by a process whose number is in use again', () => ({ pid: process.pid, startTime: '1' })],
  ])('%s is taken over at once', async (_, changes) => {
    await leaveLock(changes());
    const began = performance.now();
    const held = await lockFolder(folder);
    expect(performance.now() - began).toBeLessThan(1000);
    expect((await readdir(lock())).includes('another.json')).toBe(false);
    await held.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('by a process that has ended, but whose parent does not ask for its exit code, is taken over', async () => {
    // The shell starts a process, becomes another program, and never waits.
    const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(parent);
    const pid = Number(String((await once(parent.stdout!, 'data'))[0]));
    const stateOf = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
    const startTime = stateOf()[21];
    while (stateOf()[2] !== 'Z') await sleep(10);
    await leaveLock({ pid, startTime });
    await (await lockFolder(folder)).release();
  });

  test.each([
    ['another machine', { bootId: 'another', host: 'elsewhere' }],
    ['this machine before it was started again', { bootId: 'another' }],
    ['another container', { namespaces: 'pid:[1] time:[1]' }],
  ])('on %s is taken over when it has been silent, and not before', async (_, changes) => {
    // A process with this number runs here, which says nothing.
    const path = await leaveLock(changes);
    const refused = await lockFolder(folder, quick).catch((error: Error) => error.message);
    expect(refused).toMatch(
      new RegExp(
        `^Process ${process.pid} on '.*', another machine or container, has been training in '.*' since .* UTC; stop it there first or, if it is gone, try again once it has been silent for 0 s \\(now 0 s\\)\\.$`,
      ),
    );
    expect((await readdir(folder)).length).toBe(1);
    await setAge(path, quick.patience + 100);
    const sentences: string[] = [];
    const began = performance.now();
    const held = await lockFolder(folder, { ...quick, onWait: (sentence) => sentences.push(sentence) });
    // Two heartbeats to see that it is silent, two more before the folder is handed out.
    expect(performance.now() - began).toBeGreaterThan(4 * quick.heartbeat - 5);
    expect(sentences.join()).toMatch(/^Watching '.*' for 0 s, whether process \d+ on '.*' gives a sign of life\.$/);
    await held.release();
  });

  test('is not taken over when its owner was only asleep: its next sign of life counts', async () => {
    const path = await leaveLock({ bootId: 'another' }, 60_000);
    const asked = lockFolder(folder, quick).catch((error: Error) => error.message);
    await sleep(quick.heartbeat / 2);
    await setAge(path, 0);
    expect(await asked).toContain('another machine or container');
    expect(await readdir(lock())).toEqual(['another.json']);
  });

  test('with a time to come is watched for the whole time', async () => {
    await leaveLock({ bootId: 'another' }, -3_600_000);
    const began = performance.now();
    await (await lockFolder(folder, quick)).release();
    expect(performance.now() - began).toBeGreaterThan(quick.patience);
  });

  test.each([
    ['an empty claim', async () => writeFile(join(lock(), 'empty.json'), '')],
    ['half a claim', async () => writeFile(join(lock(), 'half.json'), '{"uuid":"1","pid":12')],
    ['a claim of another kind', async () => writeFile(join(lock(), 'kind.json'), '{"pid":12}')],
    [
      'a file in its place',
      async () => {
        await rm(lock(), { recursive: true });
        await writeFile(lock(), '123');
      },
    ],
  ])('damaged (%s) counts by its age', async (_, damage) => {
    await mkdir(lock());
    await damage();
    await expect(lockFolder(folder, quick)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /^'.*', which says that '.*' is in use, is damaged; remove it if nothing works there, or try again once it has been silent for 0 s \(now 0 s\)\.$/,
      ),
    });
    const path = (await stat(lock())).isDirectory() ? join(lock(), (await readdir(lock()))[0]!) : lock();
    await setAge(path, quick.patience + 100);
    await (await lockFolder(folder, quick)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('by a process that was killed while it took over blocks nobody, and what it left is cleared away', async () => {
    await mkdir(lock());
    await mkdir(`${lock()}-killed`);
    await writeFile(join(`${lock()}-killed`, 'killed.json'), '{}');
    await setAge(`${lock()}-killed`, quick.patience + 1000);
    await (await lockFolder(folder, quick)).release();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('an owner', () => {
  test('gives signs of life, without which nobody else would wait', async () => {
    const held = await lockFolder(folder, quick);
    const { path, owner } = await claim();
    // Another machine's, as far as others can see.
    await writeFile(path, `${JSON.stringify({ ...owner, bootId: String(owner['bootId']).replaceAll(/\w/g, '0') })}\n`);
    await setAge(path, 60_000);
    await expect(lockFolder(folder, quick)).rejects.toMatchObject({ code: 'conflict' });
    await held.confirm();
    await held.release();
  });

  test.each([
    ['removed', () => rm(lock(), { recursive: true })],
    ['replaced', async () => rename((await claim()).path, join(lock(), 'another.json'))],
  ])('learns that its lock was %s, and releases only its own', async (how, take) => {
    const lost: Error[] = [];
    const held = await lockFolder(folder, { ...quick, onLost: (error) => lost.push(error) });
    await take();
    await sleep(3 * quick.heartbeat);
    expect(lost.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^'.*' no longer belongs to this process: another one took it over .*; nothing more is written\.$/,
      ),
    ]);
    await expect(held.confirm()).rejects.toBe(lost[0]);
    await held.release();
    expect(await readdir(folder)).toEqual(how === 'removed' ? [] : ['.gankit-lock']);
  });

  test('that did not come to its event loop looks before it is told that all is well', async () => {
    const held = await lockFolder(folder, quick);
    await held.confirm();
    await rm(lock(), { recursive: true });
    const end = performance.now() + quick.heartbeat + 5;
    while (performance.now() < end);
    await expect(held.confirm()).rejects.toThrow('no longer belongs to this process');
  });
});

/** How a process is given process numbers of its own on this machine; `undefined` where that is not allowed. */
const separately = [['unshare'], ['unshare', '--user', '--map-root-user']]
  .map((start) => [...start, '--pid', '--fork', '--kill-child', '--mount-proc'])
  .find(([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0);

describe('two namespaces of processes', () => {
  if (separately === undefined)
    console.warn('Skipped: this machine gives no process numbers of their own (unshare --pid).');

  test.skipIf(separately === undefined)('a process in another one never takes over from a live owner', async () => {
    const [first, second, outside] = [locker(separately), locker(separately), locker()];
    expect(await first.ask({ do: 'lock', folder, at: 0, options: quick })).toEqual({ done: 'locked' });
    // Both are process 1 of their namespaces.
    expect((await claim()).owner['pid']).toBe(1);
    const end = performance.now() + 3 * quick.patience;
    while (performance.now() < end) {
      for (const other of [second, outside]) {
        const { done, message } = await other.ask({ do: 'lock', folder, at: 0, options: quick });
        expect({ done, message }).toEqual({ done: 'refused', message: expect.stringContaining('Process 1 on ') });
      }
    }
    expect(await first.ask({ do: 'confirm' })).toEqual({ done: 'confirmed' });
    await first.ask({ do: 'release' });
    expect(await second.ask({ do: 'lock', folder, at: 0, options: quick })).toEqual({ done: 'locked' });
  });

  test.skipIf(separately === undefined)('one of several takes over from a dead owner', async () => {
    const first = locker(separately);
    const others = [locker(separately), locker(separately), locker()];
    expect(await first.ask({ do: 'lock', folder, at: 0, options: quick })).toEqual({ done: 'locked' });
    for (const { ask } of others) await ask({ do: 'release' });
    first.child.kill('SIGKILL');
    await sleep(quick.patience + 100);
    const at = Date.now() + 20;
    const replies = await Promise.all(others.map(({ ask }) => ask({ do: 'lock', folder, at, options: quick })));
    expect(replies.map(({ done }) => done).sort()).toEqual(['locked', 'refused', 'refused']);
  });

  test.skipIf(separately === undefined)(
    'an owner that was stopped for too long notices before it goes on',
    async () => {
      const first = locker(separately);
      expect(await first.ask({ do: 'lock', folder, at: 0, options: quick })).toEqual({ done: 'locked' });
      const { pid } = first.child;
      const inside = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
      process.kill(inside, 'SIGSTOP');
      await sleep(quick.patience + 100);
      const held = await lockFolder(folder, quick);
      process.kill(inside, 'SIGCONT');
      first.child.send({ do: 'confirm' } satisfies LockerRequest);
      const replies = [await first.next(), await first.next()];
      expect(replies.map(({ done }) => done).sort()).toEqual(['lost', 'refused']);
      await first.ask({ do: 'release' });
      await held.confirm();
      await expect(lockFolder(folder, quick)).rejects.toMatchObject({ code: 'conflict' });
      await held.release();
    },
  );

  test('what this machine cannot know of a process it does not guess', async () => {
    await leaveLock({ pid: endedProcess(), namespaces: undefined });
    await expect(lockFolder(folder, quick)).rejects.toMatchObject({ code: 'conflict' });
  });
});

test('a folder that is missing, and options that make no sense, are one sentence', async () => {
  await expect(lockFolder(join(folder, 'missing'))).rejects.toMatchObject({
    code: 'file',
    message: expect.stringMatching(/missing' cannot be locked \(ENOENT/),
  });
  await expect(lockFolder(folder, { heartbeat: 100, patience: 150 })).rejects.toThrow('patience must be');
  // @ts-expect-error: no such option
  await expect(lockFolder(folder, { patient: 1 })).rejects.toThrow("did you mean 'patience'");
  expect(await readdir(folder)).toEqual([]);
});
