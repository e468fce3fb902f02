// A sweep in a file, and the folder beside it in which its runs are: `losses.json` has its runs in `losses/`.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { type DataSets, readRecipeFile } from '@gankit/recipes/node';
import { readSweep } from '../read-sweep.ts';
import type { Sweep, WrittenSweep } from '../sweep.ts';
import type { PlannedSweep } from '../trial.ts';

/** A sweep that was read from a file. */
export interface SweepFile {
  readonly path: string;
  readonly plan: PlannedSweep;
  /** What the sweep is, as a short text: two files that say the same have the same. */
  readonly id: string;
  /** The folder of its runs. It need not be there yet. */
  readonly folder: string;
}

/** The longest sweep that is read, in bytes. */
const longest = 10_000_000;

/** The number of a run in the names of its folder and files: `0042`. */
export function runName(run: number): string {
  return String(run).padStart(4, '0');
}

/** The folder of a run of a sweep. */
export function runFolderOf({ folder }: SweepFile, run: number): string {
  return join(folder, runName(run));
}

function idOf(sweep: Sweep): string {
  return createHash('sha256').update(JSON.stringify(sweep)).digest('hex').slice(0, 16);
}

function folderOf(path: string): string {
  if (!/.\.json$/i.test(path)) {
    throw new GanKitError('invalid-argument', `A sweep is a .json file, such as losses.json; not '${path}'.`, {
      value: path,
    });
  }
  return join(dirname(path), basename(path).slice(0, -'.json'.length));
}

async function parsed(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path);
    if (size > longest) throw new Error(`it has ${size} bytes, and no sweep is longer than ${longest}`);
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const isJson = !(cause instanceof SyntaxError);
    const [reason] = (cause as Error).message.split('\n');
    throw new GanKitError(
      isJson ? 'file' : 'invalid-argument',
      isJson ? `The sweep '${path}' cannot be read (${reason}).` : `'${path}' is not JSON (${reason}).`,
      { path, cause },
    );
  }
}

/** What the base extends is a text file beside the sweep: nobody's code is run because a sweep names it. */
function loadBeside(sweep: string) {
  return async (reference: string, from: string) => {
    // What a recipe extends in its turn lies beside that recipe.
    const beside = from.startsWith(sweep) ? sweep : from;
    if (/\.(json|ya?ml)$/i.test(reference)) return readRecipeFile(join(dirname(beside), reference));
    throw new GanKitError(
      'unknown-name',
      `'${from}' extends '${reference}', which is neither a named recipe nor a .json or .yaml file.`,
      { value: reference },
    );
  };
}

/**
 * Reads a sweep from its file and checks every trial of it.
 * @param options `data`: the data sets that it may name; any when absent.
 * @throws GanKitError `file` when it cannot be read, `invalid-argument` with every fault, a line each.
 */
export async function openSweep(
  path: string,
  options: { readonly data?: DataSets | undefined } = {},
): Promise<SweepFile> {
  const folder = folderOf(path);
  const plan = await readSweep(await parsed(path), { ...options, place: path, load: loadBeside(path) });
  return { path, plan, id: idOf(plan.sweep), folder };
}

/**
 * Writes a new sweep, checked before. One that is there already with the same content is left as it is.
 * @throws GanKitError `conflict` when the file holds another sweep, or anything else; nothing is written then.
 */
export async function saveSweep(
  path: string,
  sweep: WrittenSweep,
  options: { readonly data?: DataSets | undefined } = {},
): Promise<SweepFile> {
  const folder = folderOf(path);
  const plan = await readSweep(sweep, { ...options, place: path, load: loadBeside(path) });
  const id = idOf(plan.sweep);
  if (existsSync(path)) {
    const before = await openSweep(path, options).catch(() => undefined);
    if (before?.id === id) return before;
    throw new GanKitError(
      'conflict',
      `'${path}' holds ${before === undefined ? 'something else' : 'another sweep'} already; choose another file, or remove it.`,
      { path },
    );
  }
  await makeFolder(dirname(path));
  await writeFileAtomically(path, `${JSON.stringify(plan.sweep, undefined, 2)}\n`);
  return { path, plan, id, folder };
}
