export { type ExplainOptions, type Explanation, explainGame, explainRun } from './explain-run.ts';
export { readRunStory } from './read-run-story.ts';
export { type RunsServer, type ServeRunsOptions, serveRuns } from './serve-runs.ts';
export { writeReport } from './write-report.ts';
