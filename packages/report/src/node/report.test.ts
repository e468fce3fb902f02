// The report of folders that training leaves, that a crash leaves, and that somebody made to do harm.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@gankit/core';
import { lockFolder } from '@gankit/core/node';
import { imageGrid } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import { namedRecipes, type Recipe, type ResolvedRecipe, readRecipe, resolveRecipe } from '@gankit/recipes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportPage } from '../page/report-page.ts';
import { readRunStory, writeReport } from './index.ts';

const evil = `</script><script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;
let folder: string;
let recipe: ResolvedRecipe;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-report-'));
  const facts = { name: 'ring', kind: 'points', shape: [2], hasModes: true } as const;
  const read = await readRecipe({ ...namedRecipes['ring'], data: { name: 'ring' } } as Recipe);
  recipe = { ...resolveRecipe(read, facts), title: evil };
});
afterAll(() => rm(folder, { recursive: true }));

interface Made {
  readonly name: string;
  readonly lines?: readonly unknown[];
  readonly stopAfter?: number;
}

/** A folder with the record of a run and what its log says. */
async function runWith({ name, lines = [], stopAfter = 10 }: Made): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, 'samples'), { recursive: true });
  const played = { after: 0, recipe: { ...recipe, stopping: { ...recipe.stopping, steps: stopAfter } } };
  const record = {
    format: 'gankit-run',
    version: 1,
    environment: { backend: evil },
    tensorBoard: false,
    recipes: [played],
  };
  await writeFile(join(path, 'run.json'), JSON.stringify(record));
  await writeFile(join(path, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

const step = (number: number) => ({
  step: number,
  samplesSeen: 8 * number,
  accuracy: 0.75,
  discriminator: { adversarialLoss: 1, penalties: { [evil]: 0.5 }, realScore: 0.9 },
  generator: { adversarialLoss: 2, penalties: {}, fakeScore: 0.1, gradientNorm: 3 },
});
const steps = (count: number) => Array.from({ length: count }, (_, index) => step(index + 1));

test('a run that was broken off says how it goes on; one that goes on says so; one that is complete as well', async () => {
  const path = await runWith({ name: 'broken', lines: steps(4) });
  // Killed while it wrote: half a line.
  await appendFile(join(path, 'metrics.jsonl'), '{"step":5,"discr');
  const story = await readRunStory(path);
  expect(story).toMatchObject({ state: 'ended', step: 4, samplesSeen: 32, remarks: [] });
  expect(await reportPage(story)).toContain(
    `It ended after 4 of 10 steps. It goes on with: gankit train --resume ${path}`,
  );
  const lock = await lockFolder(path);
  expect((await readRunStory(path)).state).toBe('running');
  await lock.release();
  expect((await readRunStory(await runWith({ name: 'whole', lines: steps(10) }))).state).toBe('complete');
});

test('a run that has not begun has a report', async () => {
  const path = await runWith({ name: 'empty' });
  await rm(join(path, 'metrics.jsonl'));
  const page = await reportPage(await readRunStory(path));
  expect(page).toContain('No step was logged yet.');
  expect(page).toContain('There are no pictures of samples');
});

test('findings are told with what to try, a rollback takes its steps back, damage is remarked on', async () => {
  const finding = { type: 'finding', step: 2, finding: 'mode-collapse', reason: 'The diversity was 0.1.' };
  const lines = [
    ...steps(3),
    finding,
    { ...finding, step: 3 },
    { type: 'rollback', from: 3, step: 1, learningRateFactor: 0.5, reason: 'NaN.' },
  ];
  const path = await runWith({
    name: 'found',
    lines: [...lines, step(2), 'no object', { type: 'finding', finding: evil, step: 1 }],
  });
  const story = await readRunStory(path);
  expect(story.step).toBe(2);
  expect(story.curves.find(({ name }) => name === 'accuracy')?.points.map((point) => point.step)).toEqual([1, 2]);
  expect(story.happenings.map(({ type }) => type)).toEqual(['finding', 'finding', 'rollback']);
  expect(story.remarks).toEqual(['1 line of the logs could not be read.']);
  const page = await reportPage(story);
  expect(page).toContain('Step 2: The generator makes too few different samples');
  expect(page).toContain('The diversity was 0.1.');
  // Advised once.
  expect(page.match(/--negatives replay/g)).toHaveLength(1);
  expect(page).toContain('Both learning rates were multiplied by 0.5');
});

test('nothing that a folder says can leave its place in the page', async () => {
  const path = await runWith({ name: `harm <b>`, lines: [...steps(3), { type: 'swap', step: 2, changed: [evil] }] });
  await writeFile(
    join(path, 'measurements.jsonl'),
    `${JSON.stringify({ step: 1, [evil]: 1 })}\n${JSON.stringify({ step: 2, [evil]: 2 })}\n`,
  );
  await mkdir(join(path, 'generator'));
  await writeFile(
    join(path, 'generator/generator.json'),
    JSON.stringify({ specification: { sampleShape: [2] }, classNames: [evil] }),
  );
  await writeFile(join(path, 'samples/step-000001.png'), '<svg onload=alert(3)>');
  await writeFile(join(path, 'more.png'), Buffer.concat([Buffer.from(evil), Buffer.alloc(100)]));
  const page = await reportPage(await readRunStory(path));
  // One script of its own and one of data; nothing else that begins a tag.
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toContain('<img');
  expect(page).not.toContain('<b>');
  const text = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(page)![1]!;
  expect(JSON.parse(text)).toBeInstanceOf(Array);
});

test('the page may load nothing, and runs only its own script', async () => {
  const page = await reportPage(await readRunStory(await runWith({ name: 'strict', lines: steps(2) })));
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
  expect(policy).toMatch(
    /^default-src 'none'; img-src data:; style-src 'sha256-[\w+/=]{44}'; script-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'$/,
  );
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
  expect(page).not.toContain('style="');
});

test('a film of any size fits into 5 MB: fewer pictures, and fewer samples in each', async () => {
  const path = await runWith({ name: 'large', lines: steps(3) });
  await mkdir(join(path, 'generator'));
  await writeFile(
    join(path, 'generator/generator.json'),
    JSON.stringify({ specification: { sampleShape: [64, 64, 3] } }),
  );
  const random = new RandomStream(1);
  // Noise, which no PNG makes smaller: 790 kB for each picture.
  const values = Float32Array.from({ length: 64 * 64 * 64 * 3 }, () => 2 * random.uniform() - 1);
  const png = encodePng(imageGrid(values, [64, 64, 64, 3]));
  for (let index = 0; index < 21; index++) {
    await writeFile(join(path, `samples/step-${String(100 * index).padStart(6, '0')}.png`), png);
  }
  await writeFile(join(path, 'samples.png'), png);
  const story = await readRunStory(path);
  expect(story.samples.length).toBeGreaterThanOrEqual(12);
  expect([story.samples[0]!.step, story.samples.at(-1)!.step]).toEqual([0, 2000]);
  // Whole images of 64 pixels, two pixels apart.
  expect((story.samples[0]!.width - 2) % 66).toBe(0);
  expect(story.finalSamples!.width).toBeGreaterThan(story.samples[0]!.width);
  const out = await writeReport(path);
  const bytes = (await readFile(out)).length;
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(bytes).toBeLessThan(5_000_000);
});

test('what is no run, and what is from a newer version, is one sentence', async () => {
  await expect(readRunStory(join(folder, 'nowhere'))).rejects.toThrow('There is no run folder');
  await expect(readRunStory(folder)).rejects.toThrow('it has no run.json');
  const path = await runWith({ name: 'newer' });
  await writeFile(join(path, 'run.json'), JSON.stringify({ format: 'gankit-run', version: 9, recipes: [{}] }));
  await expect(readRunStory(path)).rejects.toThrow('has version 9, and this GANKit reads 1; update it.');
  await expect(writeReport(path, { outt: 'x' } as object)).rejects.toThrow("did you mean 'out'");
});
