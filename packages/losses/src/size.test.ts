// A user who imports one loss pays for one loss.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const entry = fileURLToPath(new URL('./index.ts', import.meta.url));

/** Bytes of a minified bundle of one export, with tfjs and the other packages left out. */
async function bundledBytes(name: string): Promise<number> {
  const result = await build({
    stdin: { contents: `export { ${name} } from ${JSON.stringify(entry)};`, resolveDir: '.', loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/tfjs', '@gankit/*'],
  });
  return result.outputFiles[0]!.contents.length;
}

const losses = [
  'minimax',
  'nonSaturating',
  'leastSquares',
  'wasserstein',
  'hinge',
  'relativisticAverage',
  'relativisticPairing',
  'twoClassSoftmax',
  'fGan',
  'softmaxGan',
  'ebgan',
  'began',
  'dualContrastive',
  'squaredError',
];

describe('the size of one loss', () => {
  it.each(losses)('%s is less than 2 KB minified', async (name) => {
    const bytes = await bundledBytes(name);
    expect(bytes).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(2048);
  });

  it('is far less than that of all of them', async () => {
    expect(await bundledBytes('wasserstein')).toBeLessThan((await bundledBytes(losses.join(', '))) / 5);
  });
});
