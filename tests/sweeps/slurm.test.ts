// A real Slurm on this machine: a controller, two nodes, all plain processes. An array whose tasks are killed ends in the bytes of an undisturbed sweep.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderUser } from '@gankit/core/node';
import { runFolderOf, saveSweep, sweepStatus } from '@gankit/sweeps/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, gankit } from '../cli/gankit.ts';
import { leftBehind, smallSweep, undisturbed } from './sweep.ts';

const programs = ['slurmctld', 'slurmd', 'munged', 'sbatch'];
const root = process.getuid?.() === 0;
const hasSlurm = root && programs.every((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);
if (!hasSlurm) {
  console.warn('Skipped: no Slurm can be started here (Debian: slurm-wlm and munge, as root), so no array is tried.');
}

let folder = '';
let environment: NodeJS.ProcessEnv = {};
const daemons: ChildProcess[] = [];

async function freePorts(count: number): Promise<readonly number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.once('listening', resolve))));
  const ports = listeners.map((listener) => (listener.address() as { port: number }).port);
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports;
}

function daemon(...words: readonly string[]): void {
  const [program = '', ...args] = words;
  daemons.push(spawn(program, args, { cwd: folder, stdio: 'ignore', env: environment }));
}

const slurm = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { cwd: folder, env: environment });

/** Starts everything, with nothing of the system's own: keys, sockets and states are in the folder. */
async function startSlurm(): Promise<void> {
  const at = (name: string) => join(folder, name);
  for (const name of ['state', 'spool.n1', 'spool.n2', 'munge']) await mkdir(at(name), { mode: 0o755 });
  await writeFile(at('munge/key'), randomBytes(128), { mode: 0o400 });
  const [controller, ...nodes] = await freePorts(3);
  const host = hostname();
  const lines = [
    'ClusterName=gankit',
    `SlurmctldHost=${host}(127.0.0.1)`,
    'SlurmUser=root',
    'AuthType=auth/munge',
    `AuthInfo=cred_expire=5,socket=${at('munge/socket')}`,
    'CredType=cred/munge',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'SchedulerParameters=batch_sched_delay=1,sched_interval=2,requeue_delay=1',
    'ReturnToService=2',
    'JobRequeue=1',
    `StateSaveLocation=${at('state')}`,
    `SlurmdSpoolDir=${at('spool.%n')}`,
    `SlurmctldPidFile=${at('slurmctld.pid')}`,
    `SlurmdPidFile=${at('slurmd.%n.pid')}`,
    `SlurmctldLogFile=${at('slurmctld.log')}`,
    `SlurmdLogFile=${at('slurmd.%n.log')}`,
    `SlurmctldPort=${controller}`,
    'AccountingStorageType=accounting_storage/none',
    ...nodes.map(
      (port, index) =>
        `NodeName=n${index + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=1 RealMemory=4000`,
    ),
    'PartitionName=main Nodes=n[1-2] Default=YES MaxTime=INFINITE State=UP',
  ];
  await writeFile(at('slurm.conf'), `${lines.join('\n')}\n`);
  environment = { ...process.env, SLURM_CONF: at('slurm.conf') };
  const munge = ['key-file=key', 'socket=socket', 'pid-file=pid', 'log-file=log', 'seed-file=seed'];
  daemon('munged', '--foreground', '--force', ...munge.map((option) => `--${option.replace('=', `=${at('munge/')}`)}`));
  await sleep(500);
  daemon('slurmctld', '-D');
  for (const name of ['n1', 'n2']) daemon('slurmd', '-D', '-N', name);
  for (let attempt = 0; attempt < 150; attempt++) {
    const { stdout } = slurm('sinfo', '-h', '-N', '-o', '%N %t');
    if (
      stdout
        .toString()
        .split('\n')
        .filter((line) => line.endsWith(' idle')).length === 2
    )
      return;
    await sleep(200);
  }
  throw new Error(`Slurm did not start: ${await readFile(at('slurmctld.log'), 'utf8').catch(() => 'no log')}`);
}

describe.skipIf(!hasSlurm)('an array of Slurm', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gankit-slurm-'));
    await chmod(folder, 0o755);
    await startSlurm();
  });
  afterAll(async () => {
    slurm('scancel', '--user=root');
    const ended = daemons.map(
      (child) => new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve(0))),
    );
    for (const child of [...daemons].reverse()) child.kill('SIGTERM');
    await Promise.race([Promise.all(ended), sleep(10_000)]);
    for (const child of daemons) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  });

  test('whose trials are killed is queued again by its own script, and ends in the bytes of an undisturbed sweep', async () => {
    const runs = 4;
    const sweep = smallSweep(1, 120);
    const calm = await undisturbed(folder, sweep);
    const file = await saveSweep(join(folder, 'array.json'), sweep);
    const words = ['--command', `${process.execPath} ${command}`, '--memory', '500'];
    const { code, stdout, stderr } = await gankit(
      ['sweep', 'script', 'array.json', '--engine', 'slurm', ...words],
      folder,
    );
    expect(code, stderr).toBe(0);
    await writeFile(join(folder, 'array.sh'), stdout);
    const submitted = slurm('sbatch', '--parsable', 'array.sh');
    expect(submitted.status, submitted.stderr.toString()).toBe(0);
    let kills = 0;
    // The folder says when it is over; Slurm is not asked, which may be too busy to answer.
    while ((await sweepStatus(file)).counts.done < runs) {
      await sleep(200);
      for (let run = 0; run < runs && kills < 2; run++) {
        const owner = await folderUser(runFolderOf(file, run));
        if (owner === undefined) continue;
        process.kill(owner.pid, 'SIGKILL');
        kills++;
      }
    }
    expect(kills).toBe(2);
    const logs = (await readdir(folder)).filter((name) => /^array-\d+_\d+\.log$/.test(name));
    expect(logs).toHaveLength(runs);
    expect(await leftBehind(file, runs)).toEqual(await leftBehind(calm, runs));
  }, 600_000);
});
