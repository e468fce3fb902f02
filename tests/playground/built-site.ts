// The site as it is published: built once for all tests of this folder, into a folder of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs';
import { type Site, serve } from './serve.ts';

const app = fileURLToPath(new URL('../../apps/playground', import.meta.url));

const vite = join(app, 'node_modules/vite/bin/vite.js');

export const executablePath = findChromium();

if (executablePath === undefined) {
  console.log('tests/playground is skipped: no Chromium was found (set CHROMIUM_PATH).');
}

/** A sub-path, as a project's pages have. */
const path = '/some/where/';

export interface BuiltSite extends Site {
  readonly folder: string;
  readonly browser: Browser;
}

/** Builds the site, serves it, starts a browser. */
export async function openSite(): Promise<BuiltSite> {
  const folder = await mkdtemp(join(tmpdir(), 'gankit-playground-'));
  // As whoever publishes it builds it: the tests' own environment is another.
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const site = await serve(folder, path);
  const browser = await chromium.launch({ args: [...chromiumArguments], ...(executablePath && { executablePath }) });
  return {
    ...site,
    folder,
    browser,
    async close() {
      await browser.close();
      await site.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A page, and everything that it complained of. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors on the console, uncaught errors, requests to other hosts. */
  readonly complaints: string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Runs in the page before anything of the site. */
  readonly before?: () => void;
}

/** A page in a context of its own: nothing is kept from another test. */
export async function openPage(
  { browser, address }: BuiltSite,
  hash: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const { width = 1440, height = 1000, theme = 'light', before } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, acceptDownloads: true });
  const page = await context.newPage();
  if (before !== undefined) await page.addInitScript(before);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) complaints.push(`a request to ${url}`);
  });
  await page.goto(address + hash);
  return { page, complaints };
}

/** Waits until the game of the page can be played. */
export async function untilReady(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('.play')?.disabled === false, undefined, {
    timeout: 60_000,
  });
}

/** The number of steps that the page shows. */
export async function stepsOf(page: Page): Promise<number> {
  return Number(((await page.locator('.counter strong').textContent()) ?? '').replaceAll(',', ''));
}

/** Waits until so many steps were made. */
export async function untilStep(page: Page, steps: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => Number(document.querySelector('.counter strong')?.textContent?.replaceAll(',', '')) >= wanted,
    steps,
    { timeout: 120_000 },
  );
}
