// Starts a command on several processes of this machine by MPI's launcher, and speaks for it: interrupts, and how it ended.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';

export interface StartRanksOptions {
  /** The environment of the processes; that of this one when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** The launcher; what GANKIT_MPIRUN names when absent, else `mpirun`. */
  readonly launcher?: string | undefined;
  /** Told each line that the processes say on stderr; written to this one's stderr when absent. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Exit codes of a command that was interrupted. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * What each launcher hands on to its processes without ending them: Open MPI follows SIGTERM by a kill after a second, and MPICH's launcher
 * itself ends by SIGUSR2.
 */
const stopSignals = { 'Open MPI': 'SIGUSR2', MPICH: 'SIGTERM' } as const;

/** What a launcher is told besides the command. */
function argumentsFor(family: 'Open MPI' | 'MPICH', ranks: number): readonly string[] {
  if (family === 'MPICH') return ['-n', `${ranks}`, '-bind-to', 'none'];
  const crowded = ranks > availableParallelism() ? ['--oversubscribe'] : [];
  // Bound to a core each, as is the default, a process has one for all of its threads.
  // Waiting without yielding, it takes the core of one that has work where there is anybody else on the machine.
  const polite = ['--mca', 'mpi_yield_when_idle', '1'];
  return ['-n', `${ranks}`, '--bind-to', 'none', ...polite, ...crowded];
}

/** @throws GanKitError `backend` when there is no launcher. */
function familyOf(launcher: string, environment: NodeJS.ProcessEnv): 'Open MPI' | 'MPICH' {
  const { error, stdout = '' } = spawnSync(launcher, ['--version'], { encoding: 'utf8', env: environment });
  if (error === undefined) return /open mpi/i.test(stdout) ? 'Open MPI' : 'MPICH';
  throw new GanKitError(
    'backend',
    `Several processes are started by MPI's launcher, and '${launcher}' is not installed here; install Open MPI (Debian: apt-get install openmpi-bin), or train on one process.`,
    { value: launcher, cause: error },
  );
}

/** What launchers say around the words of the processes: blocks between dashes or equals signs, and lines of their own. */
class LauncherWords {
  readonly #words: string[] = [];
  #within = false;

  /** Whether a line is the launcher's; it is kept then. */
  take(line: string): boolean {
    const isRule = /^[-=]{20,}\s*$/.test(line);
    if (isRule) this.#within = !this.#within;
    const own = isRule || this.#within || /^\[[^\]]*(:\d+|mpiexec@[^\]]*|proxy:[^\]]*)\]/.test(line) || line === '';
    if (own) this.#words.push(line);
    return own;
  }

  /** The signal that a process was killed by, as the launcher tells it: `signal 9 (Killed)`. */
  get signal(): string | undefined {
    const text = this.#words.join(' ').replaceAll(/\s+/g, ' ');
    const told = /exited on (signal \d+ \([^)]*\))/.exec(text) ?? /EXIT STRING: ([^(]*\(signal \d+\))/.exec(text);
    return told?.[1];
  }

  get text(): string {
    return this.#words.filter((word) => /\w/.test(word)).join(' ');
  }
}

/**
 * Runs a command on several processes of this machine, which find each other by `launchOf` and `mpiCommunicator`. Ctrl-C and SIGTERM are
 * handed on as a signal that asks the processes to stop at a step that all of them reach, and a second one ends them.
 *
 * @param ranks How many processes. @param command The program and its arguments.
 * @returns The exit code: that of the first process that failed, or 130 and 143 when interrupted.
 * @throws GanKitError `backend` when no launcher is installed, or when the processes were ended from outside: one that was killed ends all.
 */
export async function startRanks(
  ranks: number,
  command: readonly string[],
  options: StartRanksOptions = {},
): Promise<number> {
  checkOptions('startRanks', options, { environment: 'optional', launcher: 'optional', onLine: 'optional' });
  checkInteger('ranks', ranks);
  const { environment = process.env, onLine = (line) => process.stderr.write(`${line}\n`) } = options;
  const { launcher = environment['GANKIT_MPIRUN'] ?? 'mpirun' } = options;
  // Whoever is root here has decided so.
  const asRoot = process.getuid?.() === 0 ? { OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' } : {};
  const env = { ...environment, ...asRoot } as NodeJS.ProcessEnv;
  const family = familyOf(launcher, env);
  // In a group of its own: the terminal's Ctrl-C goes to this process alone.
  const child = spawn(launcher, [...argumentsFor(family, ranks), ...command], {
    env,
    detached: true,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const words = new LauncherWords();
  const said = new Set<string>();
  createInterface({ input: child.stderr! }).on('line', (line) => {
    // What several processes have to complain about is one sentence.
    if (words.take(line) || (line.startsWith('gankit: ') && said.has(line))) return;
    said.add(line);
    onLine(line);
  });
  const interrupted = handOnInterrupts(child, stopSignals[family]);
  const code = await new Promise<number>((done, failed) => {
    child.once('error', failed);
    child.once('close', (exit) => done(exit ?? 1));
  });
  interrupted.release();
  if (code === 0 || interrupted.code !== undefined) return interrupted.code ?? 0;
  if ([...said].some((line) => line.startsWith('gankit: '))) return code;
  const how = words.signal === undefined ? words.text : `by ${words.signal}`;
  throw new GanKitError(
    'backend',
    words.signal === undefined
      ? `The ${ranks} processes ended with ${code} without a word${how === '' ? '' : ` (${how})`}.`
      : `One of the ${ranks} processes was killed ${how}, which ended all of them; what the last checkpoint holds is kept, and --resume goes on from it.`,
    { value: code },
  );
}

/** Asks the processes to stop when this one is interrupted. */
function handOnInterrupts(child: ChildProcess, request: NodeJS.Signals) {
  let code: number | undefined;
  const stop = (signal: keyof typeof codes) => {
    child.kill(code === undefined ? request : 'SIGTERM');
    code ??= codes[signal];
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    get code() {
      return code;
    },
    release() {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}
