export { type Configuration, configurationsOf } from './configuration.ts';
export { configurationsIn, type Numbers, type Outcome, type Outcomes } from './outcome.ts';
export { readSweep } from './read-sweep.ts';
export { type ReportRow, type Spread, type SweepReport, sweepReport } from './report.ts';
export { reportMarkdown, reportText } from './report-text.ts';
export { type Sweep, sweepVersion, type Variable, type WrittenSweep } from './sweep.ts';
export { type PlannedSweep, type Rung, runNumber, type Trial, trialAt, trialsOf } from './trial.ts';
