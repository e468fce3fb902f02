// `gankit train` as one of several processes: started by `--ranks`, or by a launcher such as mpirun.
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { GanKitError } from '@gankit/core';
import { launchOf, type MpiCommunicator, mpiCommunicator, startRanks } from '@gankit/distributed';

/** Milliseconds in which rank 0 has said what went wrong everywhere, and the launcher has ended the others. */
const firstWord = 2500;

/** Each process gets its share of the processors of this machine, unless somebody has said how many threads it takes. */
function threadsFor(here: number): string {
  return String(Math.max(1, Math.floor(availableParallelism() / here)));
}

/** The command line without `--ranks` and its number. */
function withoutRanks(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--ranks');
  return at < 0 ? args.filter((each) => !each.startsWith('--ranks=')) : [...args.slice(0, at), ...args.slice(at + 2)];
}

/**
 * Starts this command line on several processes, when `--ranks` asks for it, or joins those that a launcher has started.
 * @returns The exit code of processes that were started and have ended; those that this one belongs to; `undefined` for one alone.
 * @throws GanKitError `backend` when there is no MPI, or the launcher belongs to another; `conflict` for `--ranks` within a launcher.
 */
export async function joinRanks(ranks: number | undefined): Promise<MpiCommunicator | number | undefined> {
  const launch = launchOf(process.env);
  if (launch === undefined) {
    if (ranks === undefined || ranks === 1) return undefined;
    const command = [process.execPath, ...process.execArgv, ...withoutRanks(process.argv.slice(1))];
    const { GANKIT_ONNX_THREADS = threadsFor(ranks) } = process.env;
    return startRanks(ranks, command, { environment: { ...process.env, GANKIT_ONNX_THREADS } });
  }
  if (ranks !== undefined) {
    throw new GanKitError(
      'conflict',
      `This process is one of ${launch.size} that a launcher started, and --ranks starts processes itself; leave --ranks away.`,
      { value: ranks },
    );
  }
  process.env['GANKIT_ONNX_THREADS'] ??= threadsFor(launch.here);
  return mpiCommunicator(launch, process.env['GANKIT_MPI_LIBRARY']);
}

/** Gives rank 0 the first word on what went wrong: what all have to say is then said once, because the launcher ends the others. */
export async function othersFirst(): Promise<void> {
  if ((launchOf(process.env)?.rank ?? 0) > 0) await delay(firstWord);
}
