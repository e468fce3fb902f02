// An empty project of a user, outside the workspace, with packed packages installed by plain npm.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { run } from './run.ts';

export interface Project {
  readonly folder: string;
  /** The names of the installed packages that run a script when they are installed. */
  readonly installScripts: readonly string[];
  remove(): Promise<void>;
}

/**
 * Makes a project and installs packages into it.
 * @param packages The names of packages of the house; they come from the tarballs, and so does whatever they need of the house.
 * @param others Versions of packages from the registry, by name.
 */
export async function makeProject(
  packages: readonly string[],
  others: Readonly<Record<string, string>>,
): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'gankit-project-'));
  const tarballs = Object.fromEntries(inject('packedPackages').map(({ name, tarball }) => [name, `file:${tarball}`]));
  const dependencies = { ...Object.fromEntries(packages.map((name) => [name, tarballs[name]])), ...others };
  const overrides = Object.fromEntries(Object.entries(tarballs).filter(([name]) => !packages.includes(name)));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, overrides }),
  );
  await run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--loglevel=error');
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const installScripts = Object.entries(lock.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  return { folder, installScripts, remove: () => rm(folder, { recursive: true, force: true }) };
}
