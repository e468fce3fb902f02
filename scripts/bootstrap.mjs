// Installs the dependencies with the pnpm version that package.json pins. Importing this file is enough; when nothing has
// changed since the last time it only compares a hash. Needs Node and npm, installs nothing outside this folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function checkNode() {
  const needed = manifest.engines.node.replace('>=', '');
  const [neededMajor, neededMinor] = needed.split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  console.error(
    `GANKit needs Node ${needed} or newer, and this is Node ${process.versions.node}: install a newer one.`,
  );
  process.exit(1);
}

/** The folders that pnpm-workspace.yaml lists; `packages/*` stands for every folder in packages. */
function workspaceFolders() {
  const patterns = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
    .split(/\r?\n/)
    .map((line) => /^ {2}- ([\w/*.-]+)$/.exec(line)?.[1])
    .filter((pattern) => pattern !== undefined && existsSync(join(root, pattern.replace('/*', ''))));
  return patterns.flatMap((pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(join(root, pattern.slice(0, -2))).map((folder) => pattern.replace('*', folder))
      : [pattern],
  );
}

/** A hash of everything that decides what node_modules must hold. */
function fingerprint() {
  const manifests = workspaceFolders()
    .map((folder) => `${folder}/package.json`)
    .filter((path) => existsSync(join(root, path)))
    .sort();
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', 'package.json', ...manifests]) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function install() {
  const env = { ...process.env, npm_config_loglevel: 'error', npm_config_update_notifier: 'false' };
  // Where this runs inside another npx, that one's own command line is in the environment.
  delete env.npm_config_call;
  delete env.npm_config_package;
  const pnpm = manifest.packageManager.replace(/\+.*$/, '');
  console.log(`Installing dependencies with ${pnpm} (needed once, about a minute) ...`);
  const { status, error } = spawnSync(
    'npx',
    // The second log level undoes the one below, which keeps npx quiet and which npx would hand on.
    ['-y', pnpm, 'install', '--frozen-lockfile', '--loglevel=info', '--config.confirm-modules-purge=false'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
      env,
    },
  );
  if (status === 0) return;
  console.error(
    error
      ? `The dependencies could not be installed, npx did not start (${error.message}): npm must be on the PATH.`
      : 'The dependencies could not be installed: see the message of pnpm above.',
  );
  process.exit(1);
}

checkNode();
const modules = join(root, 'node_modules');
const stamp = join(modules, '.gankit-installed');
const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  install();
  mkdirSync(modules, { recursive: true });
  writeFileSync(stamp, wanted);
}
