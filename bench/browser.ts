/** The playground in a real browser: how fast it trains, draws, and is there. `pnpm bench browser`. */

import { type Browser, chromium, type Page } from 'playwright-core';
import { openSite } from '../tests/playground/built-site.ts';
import type { Section } from './section.ts';

const adam = { name: 'adam', learningRate: 1e-3, beta1: 0.5, beta2: 0.99 };
const endless = { steps: 1_000_000 };

const games = {
  'MLP GAN on points (2-128-128, batch 256)': {
    seed: 1,
    data: { name: 'ring' },
    batchSize: 256,
    generator: { name: 'mlp', latentSize: 2 },
    discriminator: { name: 'mlp' },
    optimizers: { generator: adam, discriminator: adam },
    metrics: [],
    stopping: endless,
  },
  'conditional DCGAN on MNIST (width 16, batch 32)': {
    seed: 1,
    data: { name: 'mnist', split: 'test' },
    batchSize: 32,
    generator: { name: 'dcgan', latentSize: 32, width: 16 },
    discriminator: { name: 'dcgan', width: 16 },
    conditioning: [{ name: 'projection' }],
    optimizers: { generator: adam, discriminator: adam },
    stopping: endless,
  },
};
const seconds = 15;

const stepsOf = async (page: Page) =>
  Number(((await page.locator('.counter strong').textContent()) ?? '').replaceAll(',', ''));

/** Time of each frame of the page while the worker trains: the 95th of a hundred, in milliseconds. */
function slowFrame(page: Page): Promise<number> {
  return page.evaluate(async (frames) => {
    const times: number[] = [];
    let last = performance.now();
    for (let frame = 0; frame < frames; frame++) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times.sort((a, b) => a - b)[Math.floor(0.95 * frames)]!;
  }, 300);
}

async function play(browser: Browser, address: string, recipe: object) {
  const page = await browser.newPage();
  const hash = `#points?recipe=${encodeURIComponent(JSON.stringify(recipe))}`;
  await page.goto(address + hash);
  await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('.play')?.disabled === false);
  const backend = await page.locator('.engine').textContent();
  await page.locator('.play').click();
  // The first seconds warm up.
  await page.waitForTimeout(3000);
  const [before, begun] = [await stepsOf(page), performance.now()];
  const frame = await slowFrame(page);
  await page.waitForTimeout(1000 * seconds - (performance.now() - begun));
  const milliseconds = (performance.now() - begun) / ((await stepsOf(page)) - before);
  await page.close();
  return { backend, milliseconds, frame };
}

/** From opening the page to a picture of the first step, with everything in the cache. */
async function untilFirstStep(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage();
  const visit = async () => {
    const begun = performance.now();
    await page.goto('about:blank');
    await page.goto(`${address}#points`);
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('.play')?.disabled === false);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await page.waitForFunction(() => document.querySelector('.counter strong')?.textContent !== '0');
    return performance.now() - begun;
  };
  await visit();
  await page.waitForTimeout(2000);
  const times = [await visit(), await visit(), await visit()].sort((a, b) => a - b);
  await page.close();
  return times[1]!;
}

export async function run(): Promise<Section> {
  const site = await openSite();
  try {
    const lines = [
      'The published site in Chromium, in a worker, with the picture drawn as it trains: Adam, the reading of every number and all layers included.',
      '',
      '| game | backend | ms a step | 95 % of frames within, ms |',
      '|---|---|---|---|',
    ];
    for (const [name, recipe] of Object.entries(games)) {
      const { backend, milliseconds, frame } = await play(site.browser, site.address, recipe);
      lines.push(`| ${name} | ${backend} | ${milliseconds.toFixed(1)} | ${frame.toFixed(1)} |`);
    }
    const opened = await untilFirstStep(site.browser, site.address);
    lines.push(
      '',
      `From opening the page to the first step on a warm cache: ${(opened / 1000).toFixed(2)} s (${chromium.name()} ${site.browser.version()}).`,
    );
    return { title: 'The playground in a browser', lines };
  } finally {
    await site.close();
  }
}
