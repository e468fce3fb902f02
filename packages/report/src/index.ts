export { type Advice, adviceFor, shellWord, type Trial, trialCommand } from './advice.ts';
export { type Chart, chartsOf } from './charts.ts';
export { type Curve, type CurveCollector, type CurvePoint, curveCollector } from './curves.ts';
export { inShort } from './in-short.ts';
export { type ReportPageOptions, reportPage } from './page/report-page.ts';
export type {
  Happening,
  MeasuredAtStep,
  NamedPicture,
  RunState,
  RunStory,
  SamplesAtStep,
  StoryPicture,
} from './run-story.ts';
