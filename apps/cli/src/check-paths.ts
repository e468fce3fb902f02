// What every command checks of the paths that it is given, before it does anything.
import { existsSync } from 'node:fs';
import { GanKitError } from '@gankit/core';

/** @throws GanKitError `file` where there is no folder of a run. */
export function checkRun(run: string): void {
  if (!existsSync(run)) throw new GanKitError('file', `There is no run folder '${run}'.`, { path: run });
}

/** @throws GanKitError `conflict` for a place of the user's choice that is taken, unless it may be replaced. */
export function checkFree(out: string, force = false): void {
  if (force || !existsSync(out)) return;
  throw new GanKitError('conflict', `'${out}' exists already; choose another --out, or replace it with --force.`, {
    path: out,
  });
}
