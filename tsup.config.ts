import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/**
 * One build for every package: its entries are the source files that the `exports` of its package.json name.
 * Run from a package's own folder.
 */
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports?: Record<string, string>;
  gankit?: { entries?: string[] };
};

const sources = [...Object.values(manifest.exports ?? {}), ...(manifest.gankit?.entries ?? [])].filter((path) =>
  path.endsWith('.ts'),
);
const entry = Object.fromEntries(sources.map((path) => [path.replace(/^\.\/src\//, '').replace(/\.ts$/, ''), path]));

export default defineConfig({
  entry,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  removeNodeProtocol: false,
  // A project that names no such library still reads declarations that say `Disposable`.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  clean: true,
  splitting: true,
  sourcemap: true,
  treeshake: true,
  tsconfig: '../../tsconfig.json',
});
