// What a trainer tells while it runs. A progress bar, a web page, a file and a test read the same stream.

/** Sent once, before the first step. */
export interface StartEvent {
  readonly type: 'start';
  /** Steps made before this run, 0 unless it was resumed. */
  readonly step: number;
  /** The step at which the run will end; absent for an endless one. */
  readonly until?: number;
}

/**
 * What the last update of one player in a step measured. `real` is about real samples; `fake` is, in the discriminator's update, about
 * its own fake samples (usually the generator's), in the generator's update about what the generator makes now.
 */
export interface PlayerNumbers {
  /** The loss of the game alone, without penalties. */
  readonly adversarialLoss: number;
  /** The penalties that were evaluated in this update, by name: weight times term. A lazy penalty is absent in between. */
  readonly penalties: Readonly<Record<string, number>>;
  /**
   * What the player minimises: the adversarial loss and all its penalties, those that were not evaluated with the value that they had
   * last. (A lazy penalty counts as if it were evaluated in every update, which is what it amounts to on average.)
   */
  readonly objective: number;
  /** The mean output on real samples: a logit, the difference of both units, or an energy. Absent when none was looked at. */
  readonly realLogit?: number;
  /** The mean output on fake samples. */
  readonly fakeLogit: number;
  /** D(x): the mean probability of "real" given to real samples, 0 to 1. Only for losses whose outputs are log-odds. */
  readonly realScore?: number;
  /** D(G(z)): the mean probability of "real" given to fake samples, 0 to 1. Only for losses whose outputs are log-odds. */
  readonly fakeScore?: number;
  /** Share of real samples (of patches, where it judges patches) on the right side of the loss's line, 0 to 1; a draw counts half. */
  readonly realAccuracy?: number;
  /** Share of fake samples on the right side of the loss's line, 0 to 1. */
  readonly fakeAccuracy?: number;
  /** Share of all decisions that were right, 0 to 1: the mean of the two above, or the share of pairs. Absent without a line. */
  readonly accuracy?: number;
  /** Euclidean norm of the gradient of the objective over all weights of the player, in steps that are watched. */
  readonly gradientNorm?: number;
  /** Norm of the change of the player's weights over the norm of the weights, in steps that are watched. */
  readonly updateRatio?: number;
  /**
   * Of the generator: the standard deviation of its samples over the batch, averaged over the positions of a sample, in steps that are
   * watched.
   */
  readonly sampleDiversity?: number;
}

/** Sent after each step (one iteration of the schedule), when everything about the step was told: it closes its step. */
export interface StepEvent {
  readonly type: 'step';
  /** Steps completed, from 1. */
  readonly step: number;
  /** The discriminator's last update of the step; absent when it made none. */
  readonly discriminator?: PlayerNumbers;
  /** The generator's last update of the step; absent when it made none. */
  readonly generator?: PlayerNumbers;
  /**
   * Share of right decisions of the discriminator on real samples and on what the generator makes now, 0 to 1. It means the same for
   * every loss: one half is guessing. Absent for a loss without a line between real and generated.
   */
  readonly accuracy?: number;
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /** Real samples that a player looked at in this step. */
  readonly realSamples: number;
  /** Real samples that a player looked at since step 0. */
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

/** Sent when a monitor notices something about the game, before the event of the step that it was noticed in. */
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

/** Sent when parts of a running game were exchanged for others, before the first step that is played with them. */
export interface SwapEvent {
  readonly type: 'swap';
  /** Steps completed; the next one is the first with the new parts. */
  readonly step: number;
  /** What was exchanged, in the words of whoever did it: `loss`, `schedule`. */
  readonly changed: readonly string[];
}

/** Sent when a run fails, right before the same error is thrown: plain data, so that a worker can post it. */
export interface ErrorEvent {
  readonly type: 'error';
  /** Steps completed when it happened. */
  readonly step: number;
  /** The code of a GanKitError; absent for any other error. */
  readonly code?: string;
  readonly message: string;
}

/** Sent once, after the last step. */
export interface EndEvent {
  readonly type: 'end';
  readonly step: number;
  /** `completed`: all steps were made. `aborted`: the signal said so. `exhausted`: the data ended. `stopped`: a part did. */
  readonly reason: 'completed' | 'aborted' | 'exhausted' | 'stopped';
}

export type TrainingEvent = StartEvent | StepEvent | FindingEvent | RollbackEvent | SwapEvent | ErrorEvent | EndEvent;

/**
 * A part that watches the game from inside the trainer: it is given every step event in order, before the reader of the stream
 * sees it, and what it returns precedes that event in the stream. One with state also implements {@link Stateful}.
 */
export interface GameObserver {
  readonly name: string;
  /** What it steers by, so that a game without it is refused before training starts: a loss without a line has no accuracy. */
  readonly steeredBy?: 'accuracy' | undefined;
  observe(event: StepEvent): readonly FindingEvent[];
}
