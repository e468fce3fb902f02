/**
 * The pictures of the playground in the README, made by the playground: `npx tsx scripts/playground-pictures.ts`.
 * It needs Chromium (CHROMIUM_PATH) and takes two minutes.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPage, openSite, untilReady, untilStep } from '../tests/playground/built-site.ts';

const images = fileURLToPath(new URL('../docs/images', import.meta.url));
const size = { width: 1280, height: 860 };

const scenes = [
  { name: 'playground-points', hash: '#points', theme: 'light', steps: 2500 },
  { name: 'playground-question', hash: '#questions/negatives', theme: 'dark', steps: 1500 },
  { name: 'playground-pictures', hash: '#pictures', theme: 'light', steps: 1200 },
] as const;

await mkdir(images, { recursive: true });
const site = await openSite();
try {
  for (const { name, hash, theme, steps } of scenes) {
    const { page } = await openPage(site, hash, { ...size, theme });
    await untilReady(page);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await untilStep(page, steps);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForTimeout(500);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(images, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
    await page.context().close();
  }
} finally {
  await site.close();
}
