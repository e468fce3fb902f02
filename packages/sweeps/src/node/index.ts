export { readOutcome, readOutcomes } from './outcome-file.ts';
export { type RunSweepOnQueueOptions, runSweepOnQueue } from './queue/run-sweep-on-queue.ts';
export { type SweepWorkerOptions, sweepWorker } from './queue/sweep-worker.ts';
export { type RunSweepOptions, runSweep, type SweepResults, type TrialEvent } from './run-sweep.ts';
export { type RunTrialOptions, runTrial, type TrialResult } from './run-trial.ts';
export { openSweep, runFolderOf, type SweepFile, saveSweep } from './sweep-file.ts';
export { type RunStatus, reportSweep, type SweepStatus, sweepStatus } from './sweep-status.ts';
export {
  type TrialMessage,
  type TrialProcessOptions,
  trialExitCode,
  trialProcess,
  tryAgainCode,
} from './trial-process.ts';
