// The game on points, in the site as it is published.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltSite, executablePath, openPage, openSite, stepsOf, untilReady, untilStep } from './built-site.ts';

const play = (page: Page) => page.getByRole('button', { name: 'Play', exact: true }).click();
const pause = (page: Page) => page.getByRole('button', { name: 'Pause' }).click();
const choose = (page: Page, label: string, title: string) =>
  page.getByLabel(label, { exact: true }).selectOption({ label: title });

/** The pixels of the first plane as one text. */
const picture = (page: Page) =>
  page
    .locator('canvas.plane')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

describe.skipIf(executablePath === undefined)('the playground on points', () => {
  let site: BuiltSite;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  it('is there with less than 300 KB before the backend', async () => {
    const index = await readFile(join(site.folder, 'index.html'), 'utf8');
    const files = [...index.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, file]) => file!);
    expect(files.some((file) => file.endsWith('.js'))).toBe(true);
    let bytes = gzipSync(index).length;
    for (const file of files) bytes += gzipSync(await readFile(join(site.folder, file))).length;
    expect(bytes).toBeLessThan(300_000);
    // TensorFlow.js is the worker's.
    for (const file of files) expect(await readFile(join(site.folder, file), 'utf8')).not.toContain('registerKernel');
  });

  it('finds all eight modes, and says nothing on the console', async () => {
    const { page, complaints } = await openPage(site, '');
    await untilReady(page);
    await play(page);
    await page.getByRole('img', { name: /8 of 8 modes found/ }).waitFor({ timeout: 120_000 });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('swaps the loss in mid-run, tells of it, and puts it into the address', async () => {
    const { page, complaints } = await openPage(site, '');
    await untilReady(page);
    await play(page);
    await untilStep(page, 60);
    await choose(page, 'Loss', 'Hinge');
    await page.getByText(/Swapped: loss after step \d+/).waitFor();
    const steps = await stepsOf(page);
    await untilStep(page, steps + 20);
    // The same game: its steps went on.
    expect(steps).toBeGreaterThanOrEqual(60);
    expect(decodeURIComponent(page.url())).toContain('"loss":{"name":"hinge"}');
    // Hinge outputs are no log-odds.
    await page.getByText('D(G(z))').waitFor({ state: 'detached' });
    await page.getByText('What D puts out').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('refuses parts that do not fit with one sentence, keeps the game, and offers a new one', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 1);
    await choose(page, 'Loss', 'Two-class softmax');
    await page
      .getByRole('alert')
      .getByText(/two-class/)
      .waitFor();
    expect(await page.getByLabel('Loss', { exact: true }).inputValue()).toBe('non-saturating');
    expect(await stepsOf(page)).toBe(1);
    await page.getByRole('button', { name: 'Begin a new game with it' }).click();
    await page.waitForFunction(() => document.querySelector('.counter strong')?.textContent === '0');
    expect(await page.getByLabel('Loss', { exact: true }).inputValue()).toBe('two-class-softmax');
    await page.context().close();
  });

  it('steps one player at a time: the points move for the generator alone', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.getByLabel('D everywhere').uncheck();
    await page.getByLabel('Gradient').uncheck();
    await page.waitForTimeout(300);
    const before = await picture(page);
    await page.getByRole('button', { name: 'One step of the discriminator' }).click();
    await untilStep(page, 1);
    await page.waitForTimeout(300);
    expect(await picture(page)).toBe(before);
    await page.getByRole('button', { name: 'One step of the generator' }).click();
    await untilStep(page, 2);
    await page.waitForTimeout(300);
    expect(await picture(page)).not.toBe(before);
    await page.context().close();
  });

  it('says each stage in slow motion', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.getByLabel('Slow motion').check();
    await play(page);
    for (const stage of ['1 of 4', '2 of 4', '3 of 4', '4 of 4']) await page.getByText(stage).waitFor();
    await pause(page);
    await page.context().close();
  });

  it('learns what somebody paints, and a link repeats it', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await choose(page, 'Data', 'Painted');
    const easel = page.locator('.painter canvas');
    await easel.scrollIntoViewIfNeeded();
    const before = decodeURIComponent(page.url());
    expect(before).toContain('"name":"painted"');
    const box = (await easel.boundingBox())!;
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 10, box.y + 10, { steps: 8 });
    await page.mouse.up();
    await page.waitForFunction((old) => decodeURIComponent(location.href) !== old, before);
    await page.getByRole('application').focus();
    const painted = page.url();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.waitForFunction((old) => location.href !== old, painted);
    const { page: other } = await openPage(site, page.url().slice(site.address.length));
    await untilReady(other);
    const same = [await picture(page), await picture(other)];
    expect(same[0]).toBe(same[1]);
    await page.context().close();
    await other.context().close();
  });

  it('goes on where it was after a reload, to the same bytes as without', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    const step = page.getByRole('button', { name: 'One step of both players' });
    for (let steps = 1; steps <= 5; steps++) {
      await step.click();
      await untilStep(page, steps);
    }
    await page.waitForTimeout(500);
    await page.reload();
    await untilReady(page);
    await page.getByText('This game goes on where you left it, at step 5.').waitFor();
    expect(await stepsOf(page)).toBe(5);
    await step.click();
    await untilStep(page, 6);
    const { page: unbroken } = await openPage(site, '');
    await untilReady(unbroken);
    for (let steps = 1; steps <= 6; steps++) {
      await unbroken.getByRole('button', { name: 'One step of both players' }).click();
      await untilStep(unbroken, steps);
    }
    await page.waitForTimeout(300);
    expect(await picture(page)).toBe(await picture(unbroken));
    await page.context().close();
    await unbroken.context().close();
  });

  it('plays two games beside each other, step for step', async () => {
    const { page, complaints } = await openPage(site, '');
    await untilReady(page);
    await choose(page, 'Beside it, a game that differs in', 'Schedule');
    await page.locator('canvas.plane').nth(1).waitFor();
    await untilReady(page);
    await play(page);
    await untilStep(page, 30);
    await pause(page);
    expect(await page.getByText(/Solid: First: fixed/).isVisible()).toBe(true);
    const losses = page.locator('.curves', { hasText: 'Losses' }).locator('b');
    const [first, second] = await losses.allTextContents();
    expect(first).not.toBe(second);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('goes on at the same step on another backend', async () => {
    const { page, complaints } = await openPage(site, '');
    await untilReady(page);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 1);
    await page.getByRole('button', { name: 'WebAssembly' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'plain JavaScript' }).click();
    await page.getByRole('button', { name: 'plain JavaScript' }).waitFor({ timeout: 60_000 });
    await untilReady(page);
    expect(await stepsOf(page)).toBe(1);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 2);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([
    ['#points?recipe={broken', 'The address was damaged'],
    ['#points?recipe={"version":2}', 'newer than this version'],
    ['#points?recipe={"los":{"name":"hinge"}}', "did you mean 'loss'"],
    ['#points?recipe={"generator":{"name":"mlp","hidden":[60000]}}', 'a page bears 1024 at most'],
    ['#nowhere', "There is no page 'nowhere'"],
    ['#questions/why', "There is no question 'why'"],
  ])('answers %s with a sentence, and a game that can be played', async (hash, sentence) => {
    const { page } = await openPage(site, hash);
    await page.getByText(sentence).waitFor();
    if (!hash.startsWith('#questions')) await untilReady(page);
    await page.context().close();
  });

  it.each(['Loss', 'Schedule', 'Negatives', 'Penalties', 'Stabilisers', 'Constraints'])(
    'every part under %s is either played with or refused in a sentence',
    async (label) => {
      const { page, complaints } = await openPage(site, '');
      await untilReady(page);
      const select = page.getByLabel(label, { exact: true });
      const names = await select
        .locator('option')
        .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
      const played = await select.inputValue();
      for (const name of names.filter((each) => each !== '' && each !== played)) {
        const before = page.url();
        await select.selectOption(name);
        await page.waitForFunction(
          (old) => location.href !== old || document.querySelector('.notice') !== null,
          before,
        );
        if ((await page.locator('.notice').count()) > 0) await page.getByRole('button', { name: 'Close' }).click();
        const steps = await stepsOf(page);
        await page.getByRole('button', { name: 'One step of both players' }).click();
        await page.waitForFunction(
          (old) =>
            Number(document.querySelector('.counter strong')?.textContent) > old ||
            document.querySelector('.notice') !== null,
          steps,
        );
        if ((await page.locator('.notice').count()) > 0) await page.getByRole('button', { name: 'Close' }).click();
        // Lists grow otherwise, and what excludes each other would be refused for that.
        const remove = page.locator('.settings').getByRole('button', { name: /^Remove/ });
        while (label !== 'Stabilisers' && (await remove.count()) > 1) {
          const count = await remove.count();
          await remove.first().click();
          await page.waitForFunction(
            (many) => document.querySelectorAll('.settings [aria-label^=Remove]').length < many,
            count,
          );
        }
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('says so where no worker can be started', async () => {
    const before = () => {
      Object.defineProperty(globalThis, 'Worker', {
        value: class {
          constructor() {
            throw new Error('forbidden here');
          }
        },
      });
    };
    const { page } = await openPage(site, '', { before });
    await page.getByRole('alert').getByText('starts no worker for the page (forbidden here)').waitFor();
    await page.context().close();
  });

  it('says so when the worker does not come, and tries again when it is asked to', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.route(/assets\/worker/, (route) => route.abort());
    await page.evaluate(() =>
      navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((each) => each.unregister()))),
    );
    await page.reload();
    await page.getByRole('alert').getByText('The worker could not be loaded').waitFor();
    await page.unroute(/assets\/worker/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilReady(page);
    await page.context().close();
  });

  it('ends a game that diverges with its reason, and can be played on', async () => {
    const rate = { name: 'sgd', learningRate: 1e30 };
    const recipe = {
      data: { name: 'ring' },
      optimizers: { generator: rate, discriminator: rate },
      stopping: { divergence: 'stop' },
    };
    const { page } = await openPage(site, `#points?recipe=${encodeURIComponent(JSON.stringify(recipe))}`);
    await untilReady(page);
    await play(page);
    await page
      .getByRole('alert')
      .getByText(/NaN|infinite|finite/)
      .waitFor();
    await choose(page, 'Data', 'Two moons');
    await page.waitForFunction(() => decodeURIComponent(location.href).includes('two-moons'));
    await page.context().close();
  });

  it('goes on training while nobody looks', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    const look = (state: 'hidden' | 'visible') =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await play(page);
    await untilStep(page, 5);
    await look('hidden');
    await page.waitForTimeout(300);
    const hidden = await stepsOf(page);
    await page.waitForTimeout(1500);
    // No pictures are made for nobody.
    expect(await stepsOf(page)).toBe(hidden);
    await look('visible');
    await untilStep(page, hidden + 20);
    await page.context().close();
  });

  it('survives that the graphics card is taken away', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.getByRole('button', { name: 'WebAssembly' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'WebGL' }).click();
    await page.getByRole('button', { name: 'WebGL' }).waitFor({ timeout: 120_000 });
    await untilReady(page);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 1);
    const session = await site.browser.newBrowserCDPSession();
    await session.send('Browser.crashGpuProcess');
    await page
      .getByText(/The graphics card was taken away|This game goes on where you left it/)
      .waitFor({ timeout: 60_000 });
    await untilReady(page);
    expect(await stepsOf(page)).toBe(1);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 2);
    await page.context().close();
  });

  it('works without a network after the first visit', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      // Until the new worker has taken over this page.
      while (navigator.serviceWorker.controller === null) await new Promise((later) => setTimeout(later, 50));
    });
    await page.context().setOffline(true);
    await page.reload();
    await untilReady(page);
    await page.getByRole('button', { name: 'One step of both players' }).click();
    await untilStep(page, 1);
    await page.context().close();
  });
});
