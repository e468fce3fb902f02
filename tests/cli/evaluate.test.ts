// How good samples are, from the command line: folders of pictures against MNIST and against each other.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@gankit/core';
import { loadMnist } from '@gankit/data/node';
import { encode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

let folder = '';
const run = (...args: string[]) => gankit(args, folder);

/** Writes MNIST's test images that pass, as they are or changed, 200 at most. */
async function writeDigits(
  name: string,
  passes: (label: number) => boolean,
  change: (value: number) => number = (value) => value,
): Promise<void> {
  await mkdir(join(folder, name));
  const source = await loadMnist({ split: 'test' });
  const batches = source.batches({ batchSize: 4000, random: new RandomStream(1) });
  const { data, labels } = (await batches.next()).value!;
  const values = (await data.data()) as Float32Array;
  const classes = (await labels!.data()) as Int32Array;
  let written = 0;
  for (let index = 0; index < 4000 && written < 200; index++) {
    if (!passes(classes[index]!)) continue;
    const pixels = Uint8Array.from(values.slice(index * 784, (index + 1) * 784), (value) =>
      Math.min(Math.max(Math.round((change(value) + 1) * 127.5), 0), 255),
    );
    await writeFile(
      join(folder, name, `${written++}.png`),
      encode({ width: 28, height: 28, channels: 1, depth: 8, data: pixels }),
    );
  }
  data.dispose();
  labels!.dispose();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-evaluate-'));
  await writeDigits('real', () => true);
  await writeDigits('collapsed', (label) => label === 3);
  const noise = new RandomStream('noise');
  await writeDigits(
    'noisy',
    () => true,
    (value) => value + 0.8 * noise.normal(),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Judges a folder by 1,000 training images. */
async function judge(name: string): Promise<Record<string, number>> {
  const metrics = 'fid,kid,prdc,modes,inception-score';
  const { code, stdout, stderr } = await run(
    ...['evaluate', name, '--against', 'mnist', '--extractor', 'digits', '--metrics', metrics],
    ...['--samples', '1000', '--cache', 'cache', '--json'],
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).numbers;
}

test('numbers tell real digits from collapsed and from noisy ones, each by what is wrong with it', async () => {
  const real = await judge('real');
  const collapsed = await judge('collapsed');
  const noisy = await judge('noisy');
  for (const worse of [collapsed, noisy]) {
    expect(worse['fid.distance']).toBeGreaterThan(2 * real['fid.distance']!);
    expect(worse['kid.distance']).toBeGreaterThan(2 * real['kid.distance']!);
    expect(worse['prdc.coverage']).toBeLessThan(real['prdc.coverage']! / 1.5);
  }
  expect(real['modes.modesFound']).toBe(10);
  expect(collapsed['modes.modesFound']).toBeLessThan(5);
  expect(collapsed['modes.reverseKl']).toBeGreaterThan(1.5);
  // One class is made well; noise is made of every class.
  expect(collapsed['prdc.precision']).toBeGreaterThan(0.9);
  expect(collapsed['prdc.recall']).toBeLessThan(0.5);
  expect(noisy['prdc.precision']).toBeLessThan(collapsed['prdc.precision']!);
  expect(collapsed['inception-score.score']).toBeLessThan(2);
  expect(real['inception-score.score']).toBeGreaterThan(7);
});

test('two folders are compared without any training, and what is judged by what is told', async () => {
  const { code, stdout } = await run('evaluate', 'collapsed', '--against', './real', '--metrics', 'fid,prdc');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^collapsed \(200 samples\) against real \(200 samples\), extractor pixels 1, seed 1\n/);
  expect(stdout).toMatch(/fid\.distance +[\d.]+\n/);
  const same = await run('evaluate', 'real', '--against', './real', '--metrics', 'fid', '--extractor', 'pixels:side=4');
  expect(same.stdout).toMatch(/fid\.distance +0\n/);
});

test('says what is wrong, and exits as for wrong usage', async () => {
  const cases: [string[], RegExp][] = [
    [['real'], /It is not said what 'real' is to be judged by/],
    [['real', '--against', 'mnist', '--metrics', 'fidd'], /did you mean 'fid'\?/],
    [['real', '--against', './real', '--metrics', 'modes'], /modes needs an extractor that classifies/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await run('evaluate', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  }
  expect(await run('evaluate', 'nothing', '--against', 'mnist')).toMatchObject({ code: 1 });
});
