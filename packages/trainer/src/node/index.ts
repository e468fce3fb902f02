export { type Checkpoint, readCheckpoint } from './checkpoint-folder.ts';
export {
  type CheckpointCallback,
  type CheckpointCallbackOptions,
  type CheckpointOptions,
  Checkpoints,
  checkpointEvery,
  type PassedOver,
  type RestoredCheckpoint,
} from './checkpoints.ts';
export { configurationDifferences } from './configuration-differences.ts';
export { type JsonLines, type JsonLinesOptions, jsonLines } from './json-lines.ts';
export { type TensorBoard, type TensorBoardOptions, tensorBoard } from './tensor-board.ts';
