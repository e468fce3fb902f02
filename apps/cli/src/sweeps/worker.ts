// `gankit sweep worker`: works on the sweeps of a folder that come through a queue.
import { GanKitError } from '@gankit/core';
import { sweepWorker } from '@gankit/sweeps/node';
import { abortOnInterrupt } from '../interrupt.ts';
import { exitCodes } from '../report-error.ts';
import { say } from '../say.ts';
import { thisCommand } from '../this-command.ts';

/** The options of `gankit sweep worker`. */
export interface WorkerFlags {
  readonly queue?: string | undefined;
  readonly folder: string;
  readonly processes?: number | undefined;
  readonly patience?: number | undefined;
  readonly trustNetwork?: boolean | undefined;
}

/** @returns The exit code: 0, because a worker that is stopped has done what it should. */
export async function work(flags: WorkerFlags): Promise<number> {
  const { queue = process.env['GANKIT_QUEUE'], folder, processes, patience, trustNetwork } = flags;
  if (queue === undefined) {
    throw new GanKitError('invalid-argument', 'Which queue? Say --queue redis://127.0.0.1:6379, or set GANKIT_QUEUE.');
  }
  const interrupt = abortOnInterrupt();
  try {
    await sweepWorker({
      queue,
      folder,
      processes,
      patience,
      trustNetwork,
      command: thisCommand(),
      signal: interrupt.signal,
      onNote: say,
      onEvent(event) {
        if (event.type === 'begin') say(`Trial ${event.index} begins.`);
        if (event.type === 'end') say(`Trial ${event.index}: ${event.result.state}. ${event.result.message}`);
      },
    });
  } finally {
    interrupt.release();
  }
  return exitCodes.success;
}
