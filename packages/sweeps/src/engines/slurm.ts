// A sweep as a job array of Slurm: a script for sbatch.
import type { PlannedSweep } from '../trial.ts';
import { type EngineOptions, tasksOf } from './tasks.ts';

export interface SlurmOptions extends EngineOptions {
  /** What the job is called; `gankit` when absent. */
  readonly name?: string | undefined;
  /** The longest a task may run before it is stopped and queued again, as sbatch takes it; the site's own when absent. */
  readonly time?: string | undefined;
  /** The partition; the site's own when absent. */
  readonly partition?: string | undefined;
}

/** A word of a shell, in quotes where it needs them. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Seconds before the time limit at which a task is told to save what it made. */
const warning = 120;

/**
 * A script for `sbatch`: an array with a task for each trial of a rung. A task that is killed, or that asks for another try, is queued again,
 * up to `retries` times; one that cannot be trained is not. Slurm itself queues the tasks of a node that died.
 * @throws GanKitError `invalid-argument` for options out of range.
 */
export function slurmScript(plan: PlannedSweep, options: SlurmOptions): string {
  const { count, command, parameters, retries, memory, parallel } = tasksOf(plan, options);
  const { name = 'gankit', time, partition } = options;
  const words = [...command, ...parameters].map(shellWord).join(' ');
  const directives = [
    `--job-name=${name.replaceAll(/[^\w.-]/g, '-')}`,
    `--array=0-${count - 1}${parallel === undefined ? '' : `%${parallel}`}`,
    `--cpus-per-task=${plan.sweep.threads}`,
    `--mem=${memory}`,
    ...(time === undefined ? [] : [`--time=${time}`]),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    '--requeue',
    '--open-mode=append',
    '--output=%x-%A_%a.log',
    `--signal=B:TERM@${warning}`,
  ];
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join('\n')}

# The shell is told first when time is up; the trial saves what it made.
trial= stopped=
trap 'stopped=1; [ -n "$trial" ] && kill -TERM "$trial" 2>/dev/null' TERM
${words} --index "$SLURM_ARRAY_TASK_ID" &
trial=$!
[ -n "$stopped" ] && kill -TERM "$trial" 2>/dev/null
wait "$trial"
code=$?
while kill -0 "$trial" 2>/dev/null; do
  wait "$trial"
  code=$?
done

# 75 asks for another try, over 128 is a signal; Slurm would take both for the end.
if { [ "$code" -eq 75 ] || [ "$code" -gt 128 ]; } && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${retries} ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && sleep 300
fi
exit "$code"
`;
}
