// What a trainer tells while it runs. A progress bar, a web page, a file and a test read the same stream.

/** Sent once, before the first step. */
export interface StartEvent {
  readonly type: 'start';
  /** Steps made before this run, 0 unless it was resumed. */
  readonly step: number;
  /** The step at which the run will end; absent for an endless one. */
  readonly steps?: number;
}

/** Sent after each step (one iteration of the schedule). */
export interface StepEvent {
  readonly type: 'step';
  /** Steps completed, from 1. */
  readonly step: number;
  /** The discriminator's objective in its last update of the step, penalties included; absent when it made none. */
  readonly discriminatorLoss?: number;
  /** The generator's objective in its last update of the step, penalties included; absent when it made none. */
  readonly generatorLoss?: number;
  /** D(x): the mean probability of "real" given to real samples, 0 to 1 (sigmoid of the logits). */
  readonly realScore?: number;
  /** The mean probability of "real" given to the discriminator's fake samples in its own update, 0 to 1: D(G(z)) for the usual negatives. */
  readonly fakeScore?: number;
  /** D(G(z)) in the generator's update: the mean probability of "real" given to what the generator makes now, 0 to 1. */
  readonly generatedScore?: number;
  /** Share of real samples that the discriminator took for real (probability over one half), 0 to 1. */
  readonly realAccuracy?: number;
  /** Share of its fake samples that the discriminator took for generated, 0 to 1. */
  readonly fakeAccuracy?: number;
  /** Share of what the generator makes now that the discriminator takes for generated, 0 to 1; from the generator's update. */
  readonly generatedAccuracy?: number;
  /** Euclidean norm of the gradient of the discriminator's objective over all its weights, in steps that are watched. */
  readonly discriminatorGradientNorm?: number;
  readonly generatorGradientNorm?: number;
  /** Norm of the change of the discriminator's weights over the norm of the weights, in steps that are watched. */
  readonly discriminatorUpdateRatio?: number;
  readonly generatorUpdateRatio?: number;
  /** Standard deviation of the generator's samples over the batch, averaged over the positions of a sample, in steps that are watched. */
  readonly sampleDiversity?: number;
  /** The penalties that were evaluated, by name, weighted as they went into the objective. */
  readonly penalties: Readonly<Record<string, number>>;
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /** Real samples seen since step 0. */
  readonly samplesSeen: number;
}

/**
 * What a monitor noticed.
 *
 * - `equilibrium`: the discriminator is right half of the time, and stays there.
 * - `feedback-useless`: the discriminator takes what is generated for as real as the data; the generator learns nothing from it.
 * - `discriminator-too-strong`: it is always right and the generator's gradient vanishes.
 * - `mode-collapse`: samples have lost most of their diversity.
 * - `divergence`: a number was NaN or infinite.
 */
export type FindingKind =
  | 'equilibrium'
  | 'feedback-useless'
  | 'discriminator-too-strong'
  | 'mode-collapse'
  | 'divergence';

/** Sent when a monitor notices something about the game. */
export interface FindingEvent {
  readonly type: 'finding';
  readonly step: number;
  readonly finding: FindingKind;
  /** The measurements that led to it, in one sentence. */
  readonly reason: string;
}

/** Sent when a run that diverged went back to an earlier state. */
export interface RollbackEvent {
  readonly type: 'rollback';
  /** The step at which it diverged. */
  readonly from: number;
  /** The step that it went back to. */
  readonly step: number;
  /** What both learning rates are multiplied by from now on, all rollbacks together. */
  readonly learningRateFactor: number;
  readonly reason: string;
}

/** Sent once, after the last step. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  /** `completed`: all steps were made. `aborted`: the signal said so. `exhausted`: the data ended. `stopped`: a part did. */
  readonly reason: 'completed' | 'aborted' | 'exhausted' | 'stopped';
}

export type TrainingEvent = StartEvent | StepEvent | FindingEvent | RollbackEvent | EndEvent;

/** Something that listens to a run. The trainer waits for the promise before it goes on. */
export type TrainingCallback = (event: TrainingEvent) => void | Promise<void>;

/**
 * A part that watches the game from inside the trainer: it is given every step event in order, before the reader of the stream
 * sees it, and what it returns follows in the stream. One with state also implements {@link Stateful}.
 */
export interface GameObserver {
  readonly name: string;
  observe(event: StepEvent): readonly FindingEvent[];
}
