import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FeatureSet } from '../feature-set.ts';
import { labels, sets } from '../references.fixture.ts';
import { FeatureCache, type FeatureKey, folderFingerprint } from './feature-cache.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-features-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const extractor = { name: 'values', version: '1', checksum: 'none', preprocessing: 'times 1' };
const key: FeatureKey = { data: { name: 'ring', modes: 8 }, fingerprint: '', samples: 60, seed: 1, extractor };
const set: FeatureSet = {
  name: 'ring',
  shape: [8],
  samples: 60,
  extractor,
  features: { values: Float32Array.from(sets.A.values), dimensions: 8 },
  probabilities: { values: new Float32Array(120).fill(0.5), dimensions: 2 },
  labels: Int32Array.from(labels),
  modes: { modes: [[0, 1]], standardDeviation: 0.1 },
};

test('gives back what it was given, and nothing for any other key', async () => {
  const cache = new FeatureCache(join(folder, 'deep/er'));
  expect(await cache.get(key)).toBeUndefined();
  await cache.put(key, set);
  expect(await new FeatureCache(join(folder, 'deep/er')).get(key)).toEqual(set);
  expect(await cache.get({ ...key, data: { modes: 8, name: 'ring' } })).toEqual(set);
  const others: Partial<FeatureKey>[] = [
    { data: { name: 'ring', modes: 9 } },
    { fingerprint: 'other' },
    { samples: 61 },
    { seed: 2 },
    { extractor: { ...extractor, checksum: 'other' } },
  ];
  for (const other of others) expect(await cache.get({ ...key, ...other })).toBeUndefined();
});

test('takes a damaged file for none', async () => {
  const cache = new FeatureCache(join(folder, 'damaged'));
  await cache.put(key, set);
  const [name] = await readdir(join(folder, 'damaged'));
  const path = join(folder, 'damaged', name!);
  await writeFile(path, (await readFile(path)).subarray(0, 500));
  expect(await cache.get(key)).toBeUndefined();
  await cache.put(key, set);
  expect(await cache.get(key)).toEqual(set);
});

test('the fingerprint of a folder follows its files', async () => {
  const pictures = join(folder, 'pictures');
  await mkdir(join(pictures, 'a'), { recursive: true });
  await writeFile(join(pictures, 'a/1.png'), 'one');
  const before = await folderFingerprint(pictures);
  expect(await folderFingerprint(pictures)).toBe(before);
  await writeFile(join(pictures, 'a/1.png'), 'other');
  const changed = await folderFingerprint(pictures);
  expect(changed).not.toBe(before);
  await writeFile(join(pictures, 'a/2.png'), 'two');
  expect(await folderFingerprint(pictures)).not.toBe(changed);
  const file = join(pictures, 'a/2.png');
  const ofFile = await folderFingerprint(file);
  await writeFile(file, 'twice');
  expect(await folderFingerprint(file)).not.toBe(ofFile);
});
