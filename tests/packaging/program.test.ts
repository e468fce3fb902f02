// A user's program in an empty project: single packages from npm, TypeScript, Node and the browser.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { makeProject, type Project } from './project.ts';
import { run } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = (path: string) => join(root, 'node_modules', path);
const steps = 30;

type Line = readonly [step: number, discriminatorLoss: number, generatorLoss: number];

let project: Project;

beforeAll(async () => {
  const parts = ['core', 'data', 'engine', 'losses', 'models', 'trainer'].map((name) => `@gankit/${name}`);
  project = await makeProject(parts, { '@tensorflow/tfjs': '4.22.0' });
  const source = await readFile(new URL('program/gan.ts', import.meta.url), 'utf8');
  await writeFile(join(project.folder, 'gan.ts'), source);
  // The loss is swapped by changing one line.
  const swapped = source.replace('{ nonSaturating as chosenLoss }', '{ minimax as chosenLoss }');
  const changed = swapped.split('\n').filter((line, index) => line !== source.split('\n')[index]);
  expect(changed).toHaveLength(1);
  await writeFile(join(project.folder, 'gan-minimax.ts'), swapped);
});
afterAll(() => project?.remove());

/** The losses that the program printed, after a check that each is a number. */
function losses(output: string): Line[] {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('['))
    .map((line) => JSON.parse(line) as Line);
  expect(lines.map(([step]) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  expect(lines.flat().every(Number.isFinite)).toBe(true);
  return lines;
}

test('no package of the house runs a script when it is installed, nor does one they bring along but core-js', () => {
  // core-js, which comes with TensorFlow.js, prints a line of thanks.
  expect(project.installScripts.filter((name) => name !== 'core-js')).toEqual([]);
});

const options = {
  target: 'ES2022',
  lib: ['ES2022', 'DOM'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  types: [],
  // The declarations of TensorFlow.js 4.22 have errors of their own.
  skipLibCheck: true,
};

test.each([
  ['as Node resolves modules', { module: 'NodeNext', outDir: 'out' }],
  ['as bundlers resolve modules', { module: 'ESNext', moduleResolution: 'bundler', noEmit: true }],
])('the program type-checks under strict, %s', async (_, resolution) => {
  const config = { compilerOptions: { ...options, ...resolution }, files: ['gan.ts', 'gan-minimax.ts'] };
  await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
  await run(project.folder, process.execPath, tool('typescript/bin/tsc'), '-p', '.');
});

test('the declarations of the packages have no error of their own', async () => {
  const config = {
    compilerOptions: { ...options, module: 'NodeNext', noEmit: true, skipLibCheck: false },
    files: ['gan.ts'],
  };
  await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
  const errors = await run(project.folder, process.execPath, tool('typescript/bin/tsc'), '-p', '.').catch(String);
  const places = errors.split('\n').flatMap((line) => /^(\S+)\(\d+,\d+\): error/.exec(line)?.[1] ?? []);
  expect(places.filter((path) => !path.startsWith('node_modules/@tensorflow/'))).toEqual([]);
});

test('the types are real: a wrong program does not compile', async () => {
  const source = await readFile(join(project.folder, 'gan.ts'), 'utf8');
  await writeFile(join(project.folder, 'wrong.ts'), source.replace('loss: chosenLoss()', "loss: 'hinge'"));
  const config = { compilerOptions: { ...options, module: 'NodeNext', noEmit: true }, files: ['wrong.ts'] };
  await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
  await expect(run(project.folder, process.execPath, tool('typescript/bin/tsc'), '-p', '.')).rejects.toThrow(
    "Type 'string' is not assignable to type 'AdversarialLoss'",
  );
});

test('the program trains on this Node, and with another loss after one changed line', async () => {
  const nonSaturating = losses(await run(project.folder, process.execPath, 'out/gan.js'));
  const minimax = losses(await run(project.folder, process.execPath, 'out/gan-minimax.js'));
  // The same seed: the discriminator's first loss is the same, and from then on nothing is.
  expect(minimax[0]![1]).toBe(nonSaturating[0]![1]);
  expect(minimax.at(-1)![1]).not.toBe(nonSaturating.at(-1)![1]);
  // -mean log D(G(z)) is positive, mean log(1 - D(G(z))) negative.
  expect(nonSaturating.every(([, , generatorLoss]) => generatorLoss > 0)).toBe(true);
  expect(minimax.every(([, , generatorLoss]) => generatorLoss < 0)).toBe(true);
});

test.each(['22', '24', '26'])('the program trains on Node %s, to the same losses', async (major) => {
  const version = await run(project.folder, 'npx', '-y', '-p', `node@${major}`, '-c', 'node --version');
  expect(version).toMatch(new RegExp(`^v${major}\\.`));
  const there = losses(await run(project.folder, 'npx', '-y', '-p', `node@${major}`, '-c', 'node out/gan.js'));
  const here = losses(await run(project.folder, process.execPath, 'out/gan.js'));
  for (const [index, line] of there.entries()) {
    for (const [column, value] of line.entries()) expect(value).toBeCloseTo(here[index]![column]!, 4);
  }
});

test('Vite makes a bundle of the program, and it trains in a browser', async ({ skip }) => {
  await writeFile(join(project.folder, 'index.html'), '<!doctype html><script type="module" src="./gan.ts"></script>');
  await run(project.folder, process.execPath, tool('vite/bin/vite.js'), 'build', '--logLevel', 'warn');

  const executablePath = findChromium();
  if (executablePath === undefined) return skip('the bundle was built; no Chromium to run it in (set CHROMIUM_PATH)');
  const browser = await chromium.launch({ executablePath, args: chromiumArguments });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    let output = '';
    const trained = new Promise<void>((resolve, reject) => {
      page.on('console', (message) => {
        output += `${message.text()}\n`;
        if (message.text().startsWith(`[${steps},`)) resolve();
      });
      page.on('pageerror', (error) => reject(new Error(`the page threw: ${error.message}\n${output}`)));
    });
    // The pages are served from the folder of the build without a server.
    const origin = 'http://gan.test';
    await page.route(`${origin}/**`, async (route) => {
      const path = join(project.folder, 'dist', new URL(route.request().url()).pathname.replace(/\/$/, '/index.html'));
      await route.fulfill({ path }).catch(() => problems.push(path));
    });
    await page.goto(`${origin}/`);
    await trained;
    const [[, discriminatorLoss, generatorLoss]] = losses(output) as [Line];
    const [[, discriminatorThere, generatorThere]] = losses(
      await run(project.folder, process.execPath, 'out/gan.js'),
    ) as [Line];
    expect(discriminatorLoss).toBeCloseTo(discriminatorThere, 3);
    expect(generatorLoss).toBeCloseTo(generatorThere, 3);
    expect(problems.filter((path) => !path.endsWith('favicon.ico'))).toEqual([]);
  } finally {
    await browser.close();
  }
});
