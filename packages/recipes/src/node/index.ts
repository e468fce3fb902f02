export { type ComparedNumber, compareRuns, type RunComparison } from './compare-runs.ts';
export { type Environment, environmentDifferences } from './environment.ts';
export { type EvaluateSamplesOptions, evaluateSamples } from './evaluate-samples.ts';
export { type OpenGame, type OpenGameOptions, openGame } from './open-game.ts';
export {
  type DataSets,
  openData,
  type PlannedRun,
  type PlanOptions,
  planResumedRun,
  planRun,
  resolveForData,
} from './plan-run.ts';
export { type ProjectedPictures, type ProjectPicturesOptions, projectPictures } from './project-pictures.ts';
export { loadRecipe, readRecipeFile } from './recipe-file.ts';
export { type RunFolder, runFolder } from './run-folder.ts';
export { type PlayedRecipe, type RunRecord, readRecord } from './run-record.ts';
export { type OpenRun, type OpenRunOptions, openRun, type TrainOptions } from './train-run.ts';
