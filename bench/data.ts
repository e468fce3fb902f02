/** How fast pictures come: sharp alone, and each place that they may lie in, first while they are decoded and then from memory. */

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { disposeBatch, RandomStream } from '@gankit/core';
import { openDataset, openPictureStore, packPictures } from '@gankit/data/node';
import sharp from 'sharp';
import type { Section } from './section.ts';

const PICTURES = Number(process.env['GANKIT_BENCH_PICTURES'] ?? 10_000);
const MANY = Number(process.env['GANKIT_BENCH_FILES'] ?? 100_000);
const BATCH = 64;
const MEGABYTE = 2 ** 20;

const emoji = join(
  dirname(createRequire(import.meta.url).resolve('emoji-datasource-twitter/package.json')),
  'img/twitter/64',
);

async function seconds(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** Copies of real pictures under names of their own. */
async function fill(folder: string, count: number): Promise<void> {
  await mkdir(folder);
  const names = (await readdir(emoji)).filter((name) => name.endsWith('.png'));
  for (let from = 0; from < count; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    await Promise.all(
      some.map((at) =>
        copyFile(join(emoji, names[at % names.length]!), join(folder, `${String(at).padStart(6, '0')}.png`)),
      ),
    );
  }
}

/** What sharp decodes when nothing else is done, as many at once as in a batch. */
async function sharpAlone(folder: string): Promise<number> {
  const names = await readdir(folder);
  return seconds(async () => {
    for (let from = 0; from < names.length; from += BATCH) {
      const some = names.slice(from, from + BATCH);
      await Promise.all(
        some.map(async (name) => {
          const bytes = await readFile(join(folder, name));
          await sharp(bytes).flatten({ background: '#ffffff' }).raw().toBuffer();
        }),
      );
    }
  });
}

/** Seconds of the first and the second epoch, and of the time until the first batch, shuffled. */
async function epochs(path: string): Promise<{ opened: number; first: number; second: number; resident: number }> {
  const times: number[] = [];
  const begin = performance.now();
  const source = await openDataset(path);
  let opened = 0;
  let start = begin;
  let batches = 0;
  let resident = 0;
  const perEpoch = Math.floor(source.size! / BATCH);
  for await (const batch of source.batches({ batchSize: BATCH, random: new RandomStream(1), epochs: 2 })) {
    disposeBatch(batch);
    batches++;
    if (batches === 1) {
      opened = (performance.now() - begin) / 1000;
      start = performance.now();
    }
    resident = Math.max(resident, process.memoryUsage().rss);
    if (batches % perEpoch !== 0) continue;
    times.push((performance.now() - start) / 1000);
    start = performance.now();
  }
  return { opened, first: times[0]!, second: times[1]!, resident };
}

export async function run(): Promise<Section> {
  const folder = await mkdtemp(join(tmpdir(), 'gankit-bench-data-'));
  try {
    const pictures = join(folder, 'pictures');
    await fill(pictures, PICTURES);
    const store = await openPictureStore(pictures);
    const places = [pictures];
    for (const form of ['zip', 'tar', 'parquet']) {
      const out = join(folder, `pictures.${form}`);
      await packPictures(store, { out });
      places.push(out);
    }
    await store.close();
    const alone = PICTURES / (await sharpAlone(pictures));
    const lines = [
      `${PICTURES.toLocaleString('en')} PNG files of 64 x 64 in colour with transparency (emoji-datasource-twitter), shuffled, batches of ${BATCH}.`,
      `sharp alone decodes ${alone.toFixed(0)} a second.`,
      '',
      '| | first batch after, s | epoch 1, pictures/s | over sharp alone | epoch 2, pictures/s | over epoch 1 | memory, MB |',
      '|---|---|---|---|---|---|---|',
    ];
    for (const place of places) {
      const { opened, first, second, resident } = await epochs(place);
      const [one, two] = [PICTURES / first, PICTURES / second];
      const name = place === pictures ? 'folder' : `.${place.split('.').at(-1)}`;
      lines.push(
        `| ${name} | ${opened.toFixed(2)} | ${one.toFixed(0)} | ${(one / alone).toFixed(2)} | ${two.toFixed(0)} | ${(two / one).toFixed(1)} | ${(resident / MEGABYTE).toFixed(0)} |`,
      );
    }
    const many = join(folder, 'many');
    await mkdir(many);
    const small = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    for (let at = 0; at < MANY; at++) await writeFile(join(many, `${at}.png`), small);
    const opening = await seconds(async () => {
      const source = await openDataset(many);
      const stream = source.batches({ batchSize: BATCH, random: new RandomStream(1) });
      disposeBatch((await stream.next()).value!);
      await stream.return?.();
    });
    lines.push(
      '',
      `A folder of ${MANY.toLocaleString('en')} files gives its first batch after ${opening.toFixed(2)} s.`,
    );
    return { title: 'Pictures from where they lie', lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
