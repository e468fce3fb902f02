// What a job says: which trial of which sweep, and nothing that is executed.
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { check, formatFault, members, text, wholeNumber } from '@gankit/core/registry';
import * as v from 'valibot';
import { openSweep, type SweepFile } from '../sweep-file.ts';

/** The version of jobs that this package writes and takes. */
export const jobVersion = 1;

const schema = members('a job', {
  version: v.literal(
    jobVersion,
    ({ input }) => `is ${String(input)}, and this worker takes ${jobVersion}; use one GANKit for both`,
  ),
  // A name, not a path: it leads nowhere but into the worker's own folder.
  name: v.pipe(text('the name of a sweep'), v.regex(/^[\w][\w. -]*$/, 'must be the name of a file without its folder')),
  id: v.pipe(text(), v.regex(/^[0-9a-f]{16}$/, 'must be the identity of a sweep')),
  index: wholeNumber({ minimum: 0 }),
});

/** The data of a job. */
export type TrialJob = v.InferOutput<typeof schema>;

/**
 * The sweep of a job, from the worker's own folder.
 * @throws GanKitError `invalid-data` for a job that is none, `file` when the sweep is not there, `conflict` when another one has its name.
 */
export async function sweepOfJob(
  data: unknown,
  folder: string,
): Promise<{ readonly file: SweepFile; readonly index: number }> {
  const checked = check(schema, data);
  if (checked.faults.length > 0) {
    const faults = checked.faults.map((fault) => formatFault(fault)).join(' ');
    throw new GanKitError('invalid-data', `The queue has a job that is no trial: ${faults}`, { value: data });
  }
  const { name, id, index } = checked.value as TrialJob;
  const file = await openSweep(join(folder, `${name}.json`));
  if (file.id === id && index < file.plan.trials) return { file, index };
  throw new GanKitError(
    'conflict',
    `The sweep in '${file.path}' is not the one that was handed in; start the worker where that one lies, or hand this one in again.`,
    { path: file.path, value: id },
  );
}
