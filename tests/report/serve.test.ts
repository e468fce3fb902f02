// `gankit serve` in a real browser, while a run goes on.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { command, gankit } from '../cli/gankit.ts';

const executablePath = findChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(executablePath === undefined)('the page of all runs', () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gankit-serve-'));
    const small = ['--data', 'ring', '--model', 'mlp', '--width', '8', '--batch-size', '8', '--quiet'];
    expect((await gankit(['train', ...small, '--steps', '20', '--out', 'runs/done'], folder)).code).toBe(0);
    const start = (...args: string[]) => {
      const child = spawn(process.execPath, [command, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
      children.push(child);
      return child;
    };
    start(
      'train',
      ...small,
      '--steps',
      '1000000',
      '--sample-every',
      '50',
      '--checkpoint-every',
      '1000',
      '--out',
      'runs/live',
    );
    const server = start('serve', '--port', '0', '--json', '--quiet');
    const [text] = (await once(server.stdout!, 'data')) as [Buffer];
    address = JSON.parse(String(text)).address;
    browser = await chromium.launch({ args: [...chromiumArguments], ...(executablePath && { executablePath }) });
  });
  afterAll(async () => {
    await browser?.close();
    for (const child of children) {
      child.kill('SIGKILL');
      if (child.exitCode === null) await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('axe finds nothing, and nothing comes from elsewhere: %s, %i pixels', async (colorScheme, width) => {
    const page = await (await browser.newContext({ colorScheme, viewport: { width, height: 900 } })).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(address) && !request.url().startsWith('data:'))
        complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    await page.getByRole('link', { name: 'done' }).waitFor();
    await page.evaluate(axe);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run()).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a run that goes on moves before one’s eyes, in the list and in its report', async () => {
    const page = await browser.newPage();
    const stepIn = async () =>
      Number(/([\d,]+) of 1,000,000/.exec((await page.locator('main').textContent()) ?? '')?.[1]?.replaceAll(',', ''));
    const untilLater = async (before: number) => {
      await page.waitForFunction(
        (step) => {
          const found = /([\d,]+) of 1,000,000/.exec(document.querySelector('main')!.textContent)?.[1];
          return found !== undefined && Number(found.replaceAll(',', '')) > step;
        },
        before,
        { timeout: 120_000 },
      );
    };
    await page.goto(address);
    await page.getByRole('link', { name: 'live' }).waitFor({ timeout: 60_000 });
    await untilLater(await stepIn());
    await page.getByRole('link', { name: 'live' }).click();
    await page.getByRole('heading', { name: 'live' }).waitFor();
    await untilLater(await stepIn());
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('link', { name: 'done' }).waitFor();
    await page.close();
  });
});
