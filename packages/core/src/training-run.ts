// What a callback is given: the event, and the run that it belongs to.
import type { StatefulParts } from './parts-state.ts';
import type { State, Stateful } from './state.ts';
import type { TrainingEvent } from './training-event.ts';

/** A run as its callbacks see it. */
export interface TrainingRun {
  /**
   * Steps that the players have made. It is later than an event's step while several steps are told at once (`readEvery`): what looks
   * at weights or saves states waits until both agree.
   */
  readonly step: number;
  /** Ends the run after the step that is being made; its last event says `stopped`. */
  stop(): void;
  /**
   * Everything that decides how the run goes on, by name: the `trainer`, the `data` when their position can be saved, and each
   * callback that has a state. Nothing is forgotten, because nobody has to list it.
   */
  readonly parts: StatefulParts;
  /** The state of all {@link parts}, as of the last step that was completed; may be called at any time. */
  saveState(): Promise<State>;
}

/** What is done with an event. The trainer waits for the promise before it goes on. */
export type EventHandler = (event: TrainingEvent, run: TrainingRun) => void | Promise<void>;

/** A callback with more than a function: a name, perhaps a state that checkpoints hold, something to do before and after. */
export interface RunCallback extends Partial<Stateful> {
  /** Unique within a run. */
  readonly name: string;
  readonly onEvent: EventHandler;
  /** Called before the first event, in the order of the callbacks: the place to put a saved state back. */
  begin?(run: TrainingRun): void | Promise<void>;
  /** Called when the run is over, also when it failed. */
  close?(): void | Promise<void>;
}

/** Something that listens to a run. */
export type TrainingCallback = EventHandler | RunCallback;
