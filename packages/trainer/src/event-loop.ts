/** Milliseconds of work after which timers, signals and the page get their turn. */
const turnMilliseconds = 50;

/**
 * Makes a function that lets the event loop turn when it has not had a turn for a while: a Ctrl-C, a message to a worker, a
 * progress bar's timer. It never changes what is computed.
 */
export function eventLoopTurns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turnMilliseconds) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
