export {
  type BestMeasurement,
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from './callbacks/early-stopping.ts';
export { type EveryStepsOptions, everySteps } from './callbacks/every-steps.ts';
export { progressMeter, type RunProgress } from './callbacks/progress-meter.ts';
export { type DiscriminatorUpdateOptions, updateDiscriminator } from './discriminator-update.ts';
export { updateGenerator } from './generator-update.ts';
export {
  disposeMeasurements,
  type MeasuredNumbers,
  type Measurements,
  readMeasurements,
  type WatchedMeasurements,
} from './measurements.ts';
export { jointly, type MinimizeOptions, minimize } from './minimize.ts';
export { type AnnealedNoiseOptions, annealedNoise } from './negatives/annealed-noise.ts';
export { currentGenerator } from './negatives/current-generator.ts';
export { type InstanceNoiseOptions, withInstanceNoise } from './negatives/instance-noise.ts';
export { type MixedSource, mixedNegatives } from './negatives/mixed-negatives.ts';
export type { NoiseOptions } from './negatives/noise.ts';
export { pureNoise } from './negatives/pure-noise.ts';
export { type ReplayBufferOptions, replayBuffer } from './negatives/replay-buffer.ts';
export { type Judgement, judge, type RawOutputs, type Reading, readingOf } from './reading.ts';
export type { Recovery } from './recovery.ts';
export {
  type AdaptiveScheduleOptions,
  adaptiveSchedule,
  type StatefulSchedule,
  type UpdateBounds,
} from './schedules/adaptive-schedule.ts';
export { type AlternatingEpochsOptions, alternatingEpochs } from './schedules/alternating-epochs.ts';
export { type FixedScheduleOptions, fixedSchedule } from './schedules/fixed-schedule.ts';
export { type FreezeDiscriminatorOptions, freezeDiscriminator } from './schedules/freeze-discriminator.ts';
export { type SimultaneousScheduleOptions, simultaneousSchedule } from './schedules/simultaneous-schedule.ts';
export { type WarmUpOptions, warmUp } from './schedules/warm-up.ts';
export { type SimultaneousUpdateOptions, updateBoth } from './simultaneous-update.ts';
export {
  type AdaptiveAugmentDiscriminator,
  type AdaptiveAugmentOptions,
  type AdaptiveTransform,
  adaptiveAugment,
  adaptiveTransforms,
} from './stabilizers/adaptive-augment.ts';
export { type DiffAugmentOptions, type DiffAugmentPolicy, diffAugment } from './stabilizers/diff-augment.ts';
export {
  type GeneratorAverage,
  type GeneratorAverageOptions,
  generatorAverage,
} from './stabilizers/generator-average.ts';
export { type TopKOptions, topK } from './stabilizers/top-k.ts';
export { Trainer } from './trainer.ts';
export type { RunOptions, TrainerChanges, TrainerOptions, WeightAverage } from './trainer-options.ts';
export type { GameOptions, UpdateOptions } from './update-options.ts';
export { type ConvergenceMonitorOptions, convergenceMonitor } from './watch/convergence-monitor.ts';
export {
  type GradientAttribution,
  type GradientAttributionOptions,
  type GradientShare,
  gradientAttribution,
} from './watch/gradient-attribution.ts';
