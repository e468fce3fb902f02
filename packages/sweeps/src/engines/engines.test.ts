// What engines are told, judged by the engines' own schemas and by a shell.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { describe, expect, it } from 'vitest';
import { readSweep } from '../read-sweep.ts';
import type { WrittenSweep } from '../sweep.ts';
import { kubernetesJob } from './kubernetes.ts';
import { shellWord, slurmScript } from './slurm.ts';

const sweep = (seeds: number, changes: Partial<WrittenSweep> = {}) =>
  readSweep({
    format: 'gankit-sweep',
    version: 1,
    base: { extends: 'ring', stopping: { steps: 900 } },
    vary: [{ name: 'batch', paths: ['batchSize'], values: [8, 16, 32] }],
    seeds: Array.from({ length: seeds }, (_, index) => index),
    ...changes,
  });
const halved = { halving: { first: 100 }, goal: { metric: 'mode-coverage.modesFound' } };

describe('a job of Kubernetes', () => {
  const options = { name: 'losses', image: 'gankit:1', claim: 'sweeps', path: '/sweep/losses.json' };

  it('is one by the schema of Kubernetes, with an index for each trial', async () => {
    const job = kubernetesJob(await sweep(4), { ...options, parallel: 5 });
    expect(() => new Job(job as never).validate()).not.toThrow();
    expect(job).toMatchObject({ spec: { completions: 12, parallelism: 5, podReplacementPolicy: 'Failed' } });
    const [container] = (job as unknown as Manifest).spec.template.spec.containers;
    expect(container.command).toEqual(['gankit', 'trial', '/sweep/losses.json']);
    // The schema does notice what is wrong.
    const wrong = structuredClone(job) as unknown as { spec: { completions: unknown } };
    wrong.spec.completions = 'many';
    expect(() => new Job(wrong as never).validate()).toThrow();
  });

  it('of a rung counts within it, and takes several trials where there are too many', async () => {
    const plan = await sweep(4, halved);
    const [container] = (kubernetesJob(plan, { ...options, rung: 2 }) as unknown as Manifest).spec.template.spec
      .containers;
    expect(container.command.slice(3)).toEqual(['--rung', '2']);
    const many = kubernetesJob(await sweep(700), options) as unknown as Manifest;
    expect(many.spec.completions).toBe(1000);
    expect(many.spec.template.spec.containers[0].command.slice(3)).toEqual(['--of', '1000']);
    expect(() => kubernetesJob(plan, { ...options, rung: 3 })).toThrow(
      'The sweep has 2 rungs, counted from 1; there is no rung 3.',
    );
    expect(() => kubernetesJob(plan, { ...options, name: 'My Sweep' })).toThrow("not 'My Sweep'");
  });
});

interface Manifest {
  readonly spec: {
    readonly completions: number;
    readonly template: { readonly spec: { readonly containers: readonly [{ readonly command: readonly string[] }] } };
  };
}

describe('a script for Slurm', () => {
  it('quotes what a shell would take apart', () => {
    for (const word of ['plain.json', 'my sweep.json', "it's.json", '$(rm -rf x).json', '`x`', '']) {
      expect(spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`]).stdout.toString()).toBe(word);
    }
  });

  it('has an array of all trials and what the site needs', async () => {
    const script = slurmScript(await sweep(4, { threads: 2 }), {
      path: 'my sweep.json',
      time: '1:00:00',
      parallel: 8,
      partition: 'cpu',
    });
    expect(script).toContain(
      '#SBATCH --array=0-11%8\n#SBATCH --cpus-per-task=2\n#SBATCH --mem=2000\n#SBATCH --time=1:00:00\n#SBATCH --partition=cpu\n',
    );
    expect(script).toContain(`gankit trial 'my sweep.json' --index "$SLURM_ARRAY_TASK_ID" &`);
    const rung = slurmScript(await sweep(4, halved), { path: 's.json', rung: 2 });
    expect(rung).toContain('#SBATCH --array=0-3\n');
    expect(rung).toContain('gankit trial s.json --rung 2 --index');
  });

  it.each([
    ['done', 'exit 0', {}, 0, false],
    ['failed for good', 'exit 1', {}, 1, false],
    ['asking for another try', 'exit 75', {}, 75, true],
    ['asking too often', 'exit 75', { SLURM_RESTART_COUNT: '10' }, 75, false],
    ['killed', 'kill -KILL $$', {}, 137, true],
    ['told to stop', 'trap "echo saved; exit 143" TERM; kill -TERM $PPID; sleep 5 & wait', {}, 143, true],
  ])('queues a trial again when that helps: %s', async (_, trial, environment, code, again) => {
    const folder = mkdtempSync(join(tmpdir(), 'gankit-slurm-'));
    try {
      const command = (name: string, text: string) => {
        writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
        chmodSync(join(folder, name), 0o755);
      };
      command('gankit', trial);
      command('scontrol', `echo "$@" > ${join(folder, 'asked')}; exit 1`);
      const script = slurmScript(await sweep(1), { path: 's.json', command: [join(folder, 'gankit')] });
      const ran = spawnSync('bash', ['-c', script], {
        env: {
          ...environment,
          PATH: `${folder}:${process.env['PATH']}`,
          SLURM_ARRAY_TASK_ID: '2',
          SLURM_ARRAY_JOB_ID: '17',
        },
      });
      expect(ran.status, ran.stderr.toString()).toBe(code);
      const asked = (() => {
        try {
          return readFileSync(join(folder, 'asked'), 'utf8');
        } catch {
          return '';
        }
      })();
      expect(asked).toBe(again ? 'requeue 17_2\n' : '');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
