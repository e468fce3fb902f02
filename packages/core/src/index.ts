export type { AdversarialLoss } from './adversarial-loss.ts';
export { checkFinite } from './check-finite.ts';
export { checkBatch, checkInteger, checkNumber, checkSameShape, formatShape } from './checks.ts';
export { type BatchShare, type Communicator, isSpread } from './communicator.ts';
export {
  type Condition,
  type ConditionKind,
  type ConditionNeed,
  conditionKinds,
  conditionOf,
  conditionTensors,
  satisfiesNeed,
} from './condition.ts';
export type { Conditioning, UpdateCondition } from './conditioning.ts';
export type { Constraint } from './constraint.ts';
export {
  type Batch,
  type BatchOptions,
  type BatchStream,
  type DataKind,
  type DataSource,
  disposeBatch,
} from './data-source.ts';
export { type Discriminator, type DiscriminatorOutput, mapOutput, outputTensors } from './discriminator.ts';
export { disposable, disposeParts } from './disposable.ts';
export { type ErrorCode, type ErrorDetails, GanKitError } from './error.ts';
export { type GeneratedSamples, type GenerateSamplesOptions, generateSamples } from './generate-samples.ts';
export type { Generator, LatentDistribution } from './generator.ts';
export { globalNorm, type ScaledNorm, scaledNorm } from './global-norm.ts';
export { type DrawLatentOptions, drawLatent } from './latent.ts';
export { nearestName, unknownNameError } from './nearest-name.ts';
export type { NegativeSamples, Negatives, NegativesContext } from './negatives.ts';
export type { ForwardOptions, NamedVariable, Network } from './network.ts';
export type { Optimizer, ParameterGradient } from './optimizer.ts';
export { checkChoice, checkOptions, type OptionNames } from './options.ts';
export { gatherRows, meanGradients, meanOverRanks, ownRows, rowsOfShare } from './over-ranks.ts';
export { loadParts, networkState, partState, type StatefulParts, saveParts, valueState } from './parts-state.ts';
export { type Penalty, type PenaltyContext, type Player, type Scheduled, valueAt } from './penalty.ts';
export { type RandomState, RandomStream } from './random.ts';
export { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
export {
  isStateful,
  type Json,
  restoreTensor,
  restoreVariable,
  type State,
  type Stateful,
  type StoredTensor,
  storeTensor,
  storeTensors,
} from './state.ts';
export type { CategoryColumn, NumberColumn, TableColumn } from './table-column.ts';
export type {
  EndEvent,
  ErrorEvent,
  FindingEvent,
  FindingKind,
  GameObserver,
  PlayerNumbers,
  RollbackEvent,
  StartEvent,
  StepEvent,
  SwapEvent,
  TrainingEvent,
} from './training-event.ts';
export type { EventHandler, RunCallback, TrainingCallback, TrainingRun } from './training-run.ts';
export type { GameState, UpdatePlan, UpdateSchedule } from './update-schedule.ts';
export type { Decision, Threshold, Verdict } from './verdict.ts';
export {
  type DiscriminatorChanges,
  type GeneratorChanges,
  tidyOutput,
  wrapDiscriminator,
  wrapGenerator,
} from './wrapped-player.ts';
