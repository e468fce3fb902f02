// Ctrl-C and `kill`: the first ends the run after its step, the second ends the process at once.
import { exitCodes } from './report-error.ts';
import { say } from './say.ts';

/** Two interrupts within this time are one: npm and the terminal may each send the same Ctrl-C. */
const sameInterruptMilliseconds = 300;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code of what arrived: 130 for SIGINT, 143 for SIGTERM, 129 for a terminal that was closed. */
  readonly exitCode: number;
  release(): void;
}

/** @param tell Told that the run is about to stop; whoever is not to speak is given something that does not. */
export function abortOnInterrupt(tell: (sentence: string) => void = say): Interrupt {
  const controller = new AbortController();
  let first = 0;
  let exitCode: number = exitCodes.interrupted;
  const stop = (code: number) => () => {
    if (controller.signal.aborted && performance.now() - first < sameInterruptMilliseconds) return;
    if (controller.signal.aborted) process.exit(exitCode);
    first = performance.now();
    exitCode = code;
    tell('\nStopping after this step; press Ctrl-C again to stop at once.');
    controller.abort();
  };
  const onInterrupt = stop(exitCodes.interrupted);
  const onTerminate = stop(exitCodes.terminated);
  const onHangUp = stop(exitCodes.hungUp);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onHangUp);
  // What a launcher of several processes hands on at once, where it would follow SIGTERM by a kill.
  process.on('SIGUSR2', onTerminate);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => {
      process
        .off('SIGINT', onInterrupt)
        .off('SIGHUP', onHangUp)
        .off('SIGTERM', onTerminate)
        .off('SIGUSR2', onTerminate);
    },
  };
}
