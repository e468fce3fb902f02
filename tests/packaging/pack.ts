// Before the packaging tests: builds what is not built yet and packs every public package, as publishing would.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { run } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Each public package: its folder from the root, its name, and the path of its tarball. */
    packedPackages: { readonly folder: string; readonly name: string; readonly tarball: string }[];
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function packAll(project: TestProject): Promise<() => Promise<void>> {
  const target = await mkdtemp(join(tmpdir(), 'gankit-tarballs-'));
  await run(root, process.execPath, 'scripts/build.mjs');
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs');
  const filters = ['--filter', './packages/*', '--filter', './apps/*'];
  await run(root, process.execPath, pnpm, '-r', ...filters, 'pack', '--pack-destination', target);

  const packed: { folder: string; name: string; tarball: string }[] = [];
  for (const parent of ['packages', 'apps']) {
    for (const child of await readdir(join(root, parent))) {
      const folder = `${parent}/${child}`;
      const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
        private?: boolean;
      };
      if (manifest.private) continue;
      const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
      packed.push({ folder, name: manifest.name, tarball: join(target, file) });
    }
  }
  project.provide('packedPackages', packed);
  return () => rm(target, { recursive: true, force: true });
}
