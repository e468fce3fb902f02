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
  /** D(G(z)): the mean probability of "real" given to the discriminator's fake samples, 0 to 1. */
  readonly fakeScore?: number;
  /** The penalties that were evaluated, by name, weighted as they went into the objective. */
  readonly penalties: Readonly<Record<string, number>>;
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /** Real samples seen since step 0. */
  readonly samplesSeen: number;
}

/** Sent once, after the last step. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  /** `completed`: all steps were made. `aborted`: the signal said so. `exhausted`: the data ended. */
  readonly reason: 'completed' | 'aborted' | 'exhausted';
}

export type TrainingEvent = StartEvent | StepEvent | EndEvent;

/** Something that listens to a run. The trainer waits for the promise before it goes on. */
export type TrainingCallback = (event: TrainingEvent) => void | Promise<void>;
