// A user who imports one loss pays for one loss.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = fileURLToPath(new URL('./index.ts', import.meta.url));

/** A minified bundle of one export, with tfjs and the other packages left out. */
async function bundle(name: string, from = entry): Promise<string> {
  const result = await build({
    stdin: { contents: `export { ${name} } from ${JSON.stringify(from)};`, resolveDir: '.', loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/tfjs', '@gankit/*'],
    logLevel: 'error',
  });
  return result.outputFiles[0]!.text;
}

const bundledBytes = async (name: string) => (await bundle(name)).length;

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

/** Builds the package as it is published, into a folder that the caller removes. */
async function buildPackage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gankit-losses-'));
  const sources = [...Object.values(manifest.exports), ...manifest.gankit.entries];
  await build({
    entryPoints: sources.map((source) => join(root, source)),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    external: ['@tensorflow/tfjs', '@gankit/*'],
  });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', sideEffects: manifest.sideEffects }));
  return folder;
}

describe('the package as it is published', () => {
  it('brings neither penalties nor the engine when a loss is imported, and both when a penalty is', async () => {
    const folder = await buildPackage();
    try {
      const published = join(folder, 'index.js');
      const loss = await bundle('hinge', published);
      // Import statements of packages that are left out here vanish when they are bundled too.
      expect(loss.replaceAll(/import[^;]*from"[^"]*";/g, '').length).toBeLessThan(2048);
      expect(loss).not.toContain('@gankit/engine');
      expect(await bundle('r1', published)).toContain('@gankit/engine/gradients');
      expect(await bundle('pathLength', published)).toContain('@gankit/engine/gradients');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the parts for a penalty of one’s own', () => {
  it('bring the engine only where second derivatives are needed', async () => {
    const folder = await buildPackage();
    try {
      const published = join(folder, 'index.js');
      for (const name of ['stopGradient', 'interpolate']) {
        expect(await bundle(name, published)).not.toContain('@gankit/engine');
      }
      for (const name of ['inputGradient', 'squaredInputGradient', 'gradientLength']) {
        expect(await bundle(name, published)).toContain('@gankit/engine/gradients');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

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
