// Whoever reads the output may leave: `gankit list | head`, a terminal that is closed.

/** Errors of writing to what is not there any more. */
const gone = ['EPIPE', 'EIO', 'ECONNRESET'];

/**
 * A reader of stdout that leaves has seen enough, and ends the process without a word; one of stderr is not missed: a run goes on without
 * whoever looked at it. (A full disk behind either is an error as any other.)
 */
export function quietPipes(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone.includes(error.code ?? '')) throw error;
    process.exit();
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone.includes(error.code ?? '')) throw error;
  });
}
