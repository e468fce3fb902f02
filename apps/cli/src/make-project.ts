// Makes the folder of a new project, after one question at most.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { GanKitError, unknownNameError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { dataSets } from '@gankit/data/node';
import { namedRecipes, startingProject } from '@gankit/recipes';
import { shellWord } from '@gankit/report';
import type { InitFlags } from './commands/init.ts';
import { say, writeJson } from './say.ts';
import { commandVersion } from './version.ts';

const usual = 'mnist';

/** `./photos` is a folder, `photos` a name. */
const isFolder = (data: string) => /[\\/]|^\.+$/.test(data);

/** The only question; nobody is asked where nobody can answer. */
async function askForData(): Promise<string> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return usual;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(
      `What shall it learn? A folder of pictures such as ./photos, or mnist, ring, ... [${usual}] `,
    );
    return answer.trim() || usual;
  } finally {
    terminal.close();
  }
}

/** @throws GanKitError `unknown-name` for data that are neither a folder, nor a data set, nor a recipe. */
function checkData(data: string): void {
  if (isFolder(data)) {
    if (existsSync(data)) return;
    throw new GanKitError('file', `There is no folder '${data}' to learn from.`, { path: data });
  }
  const names = [...dataSets.entries.map(({ name }) => name), ...Object.keys(namedRecipes)];
  const needsFolder = ['idx', 'pictures'].includes(data);
  if (names.includes(data) && !needsFolder) return;
  if (needsFolder) {
    throw new GanKitError('invalid-argument', `The data '${data}' lie in a folder; give its path, such as ./photos.`, {
      value: data,
    });
  }
  throw unknownNameError('data set or recipe', data, names);
}

/** The path of the data as the new folder sees it. */
function seenFrom(folder: string, data: string): string {
  if (!isFolder(data) || isAbsolute(data)) return data;
  const path = relative(resolve(folder), resolve(data)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** @throws GanKitError `conflict` for a folder that holds something, `file` when it cannot be made. */
export async function makeProject(
  folder: string,
  { data: given, yes = false, json = false }: InitFlags,
): Promise<void> {
  const present = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new GanKitError('file', `The folder '${folder}' cannot be used (${cause.message}).`, { path: folder, cause });
  });
  if (present !== undefined && present.length > 0) {
    throw new GanKitError('conflict', `The folder '${folder}' holds files already; choose another.`, { path: folder });
  }
  const data = given ?? (yes || json ? usual : await askForData());
  checkData(data);
  const typescript = Boolean((process.features as { readonly typescript?: unknown }).typescript);
  const files = startingProject({
    name: basename(resolve(folder)),
    data: seenFrom(folder, data),
    typescript,
    version: `^${commandVersion()}`,
  });
  await makeFolder(folder);
  try {
    for (const { path, text } of files) await writeFileAtomically(join(folder, path), text);
  } catch (error) {
    // Half a project is none.
    await rm(folder, { recursive: true, force: true });
    if (present !== undefined) await mkdir(folder).catch(() => undefined);
    throw error;
  }
  const recipe = files[0]!.path;
  say(`Made ${files.map(({ path }) => join(folder, path)).join(', ')}.`);
  say(`Train it: cd ${shellWord(folder)} && npx gankit train --recipe ${recipe}`);
  if (json) writeJson({ folder, files: files.map(({ path }) => path) });
}
