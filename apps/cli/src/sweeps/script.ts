// `gankit sweep script`: what an engine needs to run a sweep, as text.
import { basename, posix } from 'node:path';
import { GanKitError } from '@gankit/core';
import { kubernetesJob, slurmScript } from '@gankit/sweeps';
import { openSweep } from '@gankit/sweeps/node';
import { exitCodes } from '../report-error.ts';

/** The options of `gankit sweep script`. */
export interface ScriptFlags {
  readonly engine: 'slurm' | 'kubernetes';
  readonly rung?: number | undefined;
  readonly tasks?: number | undefined;
  readonly parallel?: number | undefined;
  readonly retries?: number | undefined;
  readonly memory?: number | undefined;
  readonly command?: string | undefined;
  readonly time?: string | undefined;
  readonly partition?: string | undefined;
  readonly image?: string | undefined;
  readonly claim?: string | undefined;
  readonly mount?: string | undefined;
}

/** Options that mean something to one engine alone. */
const own = { slurm: ['time', 'partition'], kubernetes: ['image', 'claim', 'mount'] } as const;

function needed(flags: ScriptFlags, name: 'image' | 'claim'): string {
  const value = flags[name];
  if (value !== undefined) return value;
  const what = name === 'image' ? 'the image, in which the command is' : 'the claim of the volume that holds the sweep';
  throw new GanKitError('invalid-argument', `--engine kubernetes needs --${name}: ${what}.`);
}

/** @returns The exit code. */
export async function writeScript(path: string, flags: ScriptFlags): Promise<number> {
  const other = flags.engine === 'slurm' ? 'kubernetes' : 'slurm';
  const foreign = own[other].find((name) => flags[name] !== undefined);
  if (foreign !== undefined) {
    throw new GanKitError('invalid-argument', `--${foreign} means something to ${other} alone; leave it out.`, {
      value: foreign,
    });
  }
  const { plan } = await openSweep(path);
  const { rung, tasks, parallel, retries, memory, time, partition } = flags;
  const command = flags.command?.split(' ').filter((word) => word !== '');
  const common = { rung, tasks, parallel, retries, memory, command };
  const name = basename(path, '.json');
  if (flags.engine === 'slurm') {
    process.stdout.write(slurmScript(plan, { ...common, path, name, time, partition }));
    return exitCodes.success;
  }
  const mountPath = flags.mount ?? '/sweep';
  const job = kubernetesJob(plan, {
    ...common,
    path: posix.join(mountPath, basename(path)),
    name: `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}${rung === undefined ? '' : `-${rung}`}`,
    image: needed(flags, 'image'),
    claim: needed(flags, 'claim'),
    mountPath,
  });
  // JSON is YAML as well, for kubectl too.
  process.stdout.write(`${JSON.stringify(job, undefined, 2)}\n`);
  return exitCodes.success;
}
