// Whoever reads the output may leave: `gankit list | head`, a terminal that is closed.
import { exitCodes } from './report-error.ts';

/** Errors of writing to what is not there any more. */
const gone = ['EPIPE', 'EIO', 'ECONNRESET'];

/**
 * A reader of stdout that leaves has seen enough, and ends the process without a word; one of stderr is not missed: a run goes on without
 * whoever looked at it. Output that cannot be written for another reason, such as a full disk, is a failure.
 */
export function quietPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (gone.includes(error.code ?? '')) process.exit();
    process.stderr.write(`gankit: The output cannot be written (${error.message}).\n`);
    process.exit(exitCodes.failure);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone.includes(error.code ?? '')) process.exit(exitCodes.failure);
  });
}
