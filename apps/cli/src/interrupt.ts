// Ctrl-C and `kill`: the first ends the run after its step, the second ends the process at once.
import { exitCodes } from './report-error.ts';

/** Two interrupts within this time are one: npm and the terminal may each send the same Ctrl-C. */
const sameInterruptMilliseconds = 300;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The exit code of what arrived: 130 for SIGINT, 143 for SIGTERM. */
  readonly exitCode: number;
  release(): void;
}

const toStandardError = (sentence: string) => process.stderr.write(`${sentence}\n`);

/** @param say Told that the run is about to stop; whoever is not to speak is given something that does not. */
export function abortOnInterrupt(say: (sentence: string) => void = toStandardError): Interrupt {
  const controller = new AbortController();
  let first = 0;
  let exitCode: number = exitCodes.interrupted;
  const stop = (code: number) => () => {
    if (controller.signal.aborted && performance.now() - first < sameInterruptMilliseconds) return;
    if (controller.signal.aborted) process.exit(exitCode);
    first = performance.now();
    exitCode = code;
    say('\nStopping after this step; press Ctrl-C again to stop at once.');
    controller.abort();
  };
  const [onInterrupt, onTerminate] = [stop(exitCodes.interrupted), stop(exitCodes.terminated)];
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  // What a launcher of several processes hands on at once, where it would follow SIGTERM by a kill.
  process.on('SIGUSR2', onTerminate);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release: () => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate).off('SIGUSR2', onTerminate);
    },
  };
}
