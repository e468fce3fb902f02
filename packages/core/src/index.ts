export type { AdversarialLoss } from './adversarial-loss.ts';
export { checkFinite } from './check-finite.ts';
export { checkBatch, checkInteger, checkNumber, checkSameShape, formatShape } from './checks.ts';
export type { Conditioning, UpdateCondition } from './conditioning.ts';
export type { Constraint } from './constraint.ts';
export type { Batch, BatchOptions, BatchStream, DataSource } from './data-source.ts';
export type { Discriminator, DiscriminatorHead, DiscriminatorOutput } from './discriminator.ts';
export { type ErrorCode, type ErrorDetails, GanKitError } from './error.ts';
export type { Generator, LatentDistribution } from './generator.ts';
export { nearestName, unknownNameError } from './nearest-name.ts';
export type { NegativeSamples, Negatives, NegativesContext } from './negatives.ts';
export type { Condition, ForwardOptions, NamedVariable, Network } from './network.ts';
export type { Optimizer, ParameterGradient } from './optimizer.ts';
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
} from './state.ts';
export type {
  EndEvent,
  FindingEvent,
  FindingKind,
  GameObserver,
  RollbackEvent,
  StartEvent,
  StepEvent,
  TrainingCallback,
  TrainingEvent,
} from './training-event.ts';
export type { GameState, UpdatePlan, UpdateSchedule } from './update-schedule.ts';
