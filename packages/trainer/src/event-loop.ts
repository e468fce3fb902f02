/** Milliseconds of work after which timers, signals and the page get their turn. */
const turnMilliseconds = 50;

/** A page has timers only; Node's `setImmediate` costs a hundredth of the millisecond that its timers take at least. */
const { setImmediate: immediately } = globalThis as { setImmediate?: ((run: () => void) => unknown) | undefined };
const turn = () =>
  new Promise<void>((resolve) => (immediately === undefined ? setTimeout(resolve, 0) : immediately(resolve)));

/**
 * Makes a function that lets the event loop turn when it has not had a turn for a while: a Ctrl-C, a message to a worker, a
 * progress bar's timer. It never changes what is computed.
 */
export function eventLoopTurns(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < turnMilliseconds) return;
    await turn();
    last = performance.now();
  };
}
