// A run from the command, and its report in a real browser: seen, heard, moved through, printed, without a network.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { command, gankit } from '../cli/gankit.ts';

const executablePath = findChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(executablePath === undefined)('a report in a browser', () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gankit-report-'));
    const size = ['--model', 'mlp', '--width', '16', '--batch-size', '32', '--steps', '60', '--sample-every', '20'];
    // A window so short, and a reference so high, that the monitor has something to say.
    const monitor = ['--set', 'stabilizers=[{"name":"monitor","window":5,"collapseShare":1}]'];
    const trained = await gankit(['train', '--data', 'ring', ...size, ...monitor, '--out', 'run'], folder);
    expect(trained.stderr).toContain('Report: run/report.html');
    address = pathToFileURL(join(folder, 'run/report.html')).href;
    browser = await chromium.launch({ args: [...chromiumArguments], ...(executablePath && { executablePath }) });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) complaints.push(`asks for ${request.url()}`);
    });
    await page.goto(address);
    return { page, complaints };
  }

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('axe finds nothing, and nothing is wider than the screen: %s, %i pixels', async (colorScheme, width) => {
    const { page, complaints } = await open({ colorScheme, viewport: { width, height: 900 } });
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: Violation[]; passes: unknown[] }> };
      };
      const { violations, passes } = await axe.run();
      return { violations, passes: passes.length };
    });
    expect(found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    expect(found.passes).toBeGreaterThan(15);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('the slider moves through the samples, by the keyboard as well, and the charts go along', async () => {
    const { page, complaints } = await open();
    const shown = () => page.locator('.frame:visible img').getAttribute('alt');
    const loss = page.locator('output[data-curve="0"]');
    expect(await shown()).toBe('Samples at step 60');
    const atEnd = await loss.textContent();
    await page.locator('#slider').focus();
    await page.keyboard.press('Home');
    expect(await shown()).toBe('Samples at step 0');
    await page.keyboard.press('ArrowRight');
    expect(await shown()).toBe('Samples at step 20');
    expect(await page.locator('#slider').getAttribute('aria-valuetext')).toBe('step 20');
    const lines = (await readFile(join(folder, 'run/metrics.jsonl'), 'utf8')).trim().split('\n');
    const numbers = lines.map((line) => JSON.parse(line)).find(({ step, type }) => step === 20 && type === undefined);
    expect(Number(await loss.textContent())).toBeCloseTo(numbers.discriminator.adversarialLoss, 2);
    expect(await loss.textContent()).not.toBe(atEnd);
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction(() =>
      document.querySelector('.frame:not([hidden]) img')?.getAttribute('alt')?.endsWith(' 60'),
    );
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('it says what was found and what to try, and prints the film side by side', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.locator('.finding').count()).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.frame:visible').count()).toBe(4);
    expect(await page.locator('.controls').isVisible()).toBe(false);
    await page.context().close();
  });

  test('what it advises is a command that works', async () => {
    const { page } = await open();
    const commands = await page.locator('.finding pre').allTextContents();
    expect(commands.length).toBeGreaterThan(1);
    for (const text of commands) {
      // As a shell reads it, in a copy of the run, for a few steps.
      const script = `rm -rf copy && cp -r run copy && ${text
        .replace('gankit', '"$0" "$1"')
        .replaceAll('run/', 'copy/')
        .replace(' run ', ' copy ')
        .replace(/--steps \d+/, '--steps 62')} ${text.includes('--resume') ? '' : '--steps 2'}`;
      const { stderr } = await promisify(execFile)('sh', ['-c', script, process.execPath, command], { cwd: folder });
      expect(stderr).toContain('Report:');
    }
    await page.context().close();
  });

  test('a run that goes on, and one that was killed, have a report', async () => {
    const args = [
      'train',
      '--data',
      'ring',
      '--model',
      'mlp',
      '--steps',
      '100000',
      '--sample-every',
      '5',
      '--out',
      'long',
    ];
    let report: Promise<Awaited<ReturnType<typeof gankit>>> | undefined;
    const training = gankit(args, folder, (stderr, interrupt) => {
      if (!stderr.includes('Training') || report !== undefined) return;
      report = gankit(['report', 'long', '--out', 'now.html'], folder);
      report.finally(interrupt);
    });
    const { code } = await training;
    expect(code).toBe(130);
    expect((await report)?.code).toBe(0);
    const stateIn = async (path: string) => /class="state (\w+)"/.exec(await readFile(join(folder, path), 'utf8'))?.[1];
    expect(await stateIn('now.html')).toBe('running');
    expect(await stateIn('long/report.html')).toBe('ended');
  });
});
