// What axe finds in each view, theme and width, and that nothing is wider than the screen.
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltSite, executablePath, openPage, openSite, untilReady } from './built-site.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

const views = ['#points', '#pictures', '#questions', '#questions/negatives', '#questions/one-number'];
const widths = { desktop: [1440, 1000], phone: [390, 844] } as const;

describe.skipIf(executablePath === undefined)('every view is usable', () => {
  let site: BuiltSite;
  beforeAll(async () => {
    site = await openSite();
  });
  afterAll(() => site?.close());

  const cases = views.flatMap((view) =>
    (['light', 'dark'] as const).flatMap((theme) =>
      (['desktop', 'phone'] as const).map((device) => ({ view, theme, device })),
    ),
  );
  it.each(cases)('$view, $theme, $device', async ({ view, theme, device }) => {
    const [width, height] = widths[device];
    const { page, complaints } = await openPage(site, view, { theme, width, height });
    if (view === '#questions') await page.getByRole('heading', { name: 'Questions that everybody asks' }).waitFor();
    else {
      await untilReady(page);
      for (const summary of await page.locator('summary').all()) await summary.click();
    }
    // As a debugger would put it in: the page's own policy allows no other script.
    const source = await import('node:fs/promises').then(({ readFile }) => readFile(axePath, 'utf8'));
    await page.evaluate(source);
    const { violations, passed } = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: Violation[]; passes: unknown[] }> };
      };
      const found = await axe.run();
      return { violations: found.violations, passed: found.passes.length };
    });
    expect(passed).toBeGreaterThan(15);
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('can be worked with the keyboard alone', async () => {
    const { page } = await openPage(site, '');
    await untilReady(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to the game');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Play');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'WebAssembly' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('WebAssembly');
    await page.context().close();
  });
});
