// The training loop: a schedule decides, the updates play, events tell.
import {
  type Batch,
  checkInteger,
  type EndEvent,
  type GameState,
  type GanKitError,
  type Json,
  loadParts,
  type RollbackEvent,
  type State,
  type Stateful,
  type StepEvent,
  saveParts,
  type TrainingEvent,
  valueState,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkCompatibility } from './compatibility.ts';
import { eventLoopTurns } from './event-loop.ts';
import { type GameRandom, type Progress, playStep } from './game.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { fixedSchedule } from './schedules/fixed-schedule.ts';
import { readSteps, recordStep, type StepRecord } from './step-record.ts';
import type { RunOptions, TrainerOptions } from './trainer-options.ts';
import { statefulParts } from './trainer-parts.ts';

/** What the trainer itself remembers: plain JSON. */
interface TrainerProgress extends Progress {
  rollbacks: number;
  /** What the schedule is told of the last steps that were read. */
  lastRead: Omit<GameState, 'step' | 'samplesSeen'>;
}

/**
 * Trains two players. It owns none of its parts: whoever made them disposes them, and may go on using them.
 *
 * Its state is that of all its parts: saved between two steps and loaded into a trainer of the same parts, training goes on as
 * if it had never stopped, to the same bytes (together with the state of the stream of batches, which is not the trainer's).
 */
export class Trainer implements Stateful {
  readonly #options: TrainerOptions;
  readonly #random: GameRandom;
  #progress: TrainerProgress = {
    step: 0,
    samplesSeen: 0,
    updates: { discriminator: 0, generator: 0 },
    rollbacks: 0,
    lastRead: {},
  };
  #stopped = false;

  /**
   * @throws GanKitError `incompatible` when the parts do not fit together, `invalid-argument` for a `readEvery` below 1 or a
   *   `watchEvery` below 0.
   */
  constructor(options: TrainerOptions) {
    const { penalties = [], negatives = currentGenerator, readEvery = 1, watchEvery = 10, random } = options;
    checkInteger('readEvery', readEvery);
    checkInteger('watchEvery', watchEvery, 0);
    checkCompatibility({ ...options, penalties, negatives });
    this.#options = options;
    this.#random = { latent: random.fork('latent'), parts: random.fork('parts'), condition: random.fork('condition') };
  }

  /** Steps made so far, over all runs. */
  get step(): number {
    return this.#progress.step;
  }

  /** Ends the run after the step that is being made; its last event says `stopped`. For parts such as early stopping. */
  stop(): void {
    this.#stopped = true;
  }

  /**
   * Trains and tells about it. Breaking out of the loop stops training; calling `run` again goes on where it stopped.
   *
   * @param data Batches of float32 [batch, ...shape]; the trainer disposes each batch that it takes. An endless stream stays
   *   open, so that the next run can go on reading it.
   * @throws GanKitError `invalid-shape` for a batch that does not fit, `numerical` when a number becomes NaN or infinite and
   *   there is no recovery from it.
   */
  async *run(data: AsyncIterable<Batch>, options: RunOptions = {}): AsyncGenerator<TrainingEvent, void, undefined> {
    const { steps, signal } = options;
    const { readEvery = 1 } = this.#options;
    if (steps !== undefined) checkInteger('steps', steps);
    const last = steps === undefined ? Number.POSITIVE_INFINITY : this.step + steps;
    const batches = data[Symbol.asyncIterator]();
    const nextTurn = eventLoopTurns();
    let pending: StepRecord[] = [];
    const takePending = () => {
      const records = pending;
      pending = [];
      return records;
    };
    this.#stopped = false;

    try {
      yield { type: 'start', step: this.step, ...(steps === undefined ? {} : { steps: last }) };
      let reason: EndEvent['reason'] = 'completed';
      while (this.step < last) {
        await nextTurn();
        if (signal?.aborted || this.#stopped) {
          reason = this.#stopped ? 'stopped' : 'aborted';
          break;
        }
        const record = await this.#makeStep(batches);
        if (record === undefined) reason = 'exhausted';
        else pending.push(record);
        // Aligned to the step's number, so that a resumed run reads where an unbroken one does.
        if (record === undefined || this.step % readEvery === 0 || this.step >= last) yield* this.#tell(takePending());
        if (record === undefined) break;
      }
      yield* this.#tell(takePending());
      yield { type: 'end', step: this.step, reason };
    } finally {
      tf.dispose(pending.map(({ values }) => values));
    }
  }

  /** Reads records and disposes them; yields their events and what observers make of them. */
  async *#tell(records: readonly StepRecord[]): AsyncGenerator<TrainingEvent, void, undefined> {
    if (records.length === 0) return;
    const { events, divergence } = await readSteps(records);
    tf.dispose(records.map(({ values }) => values));
    for (const event of events) this.#progress.lastRead = { ...this.#progress.lastRead, ...gameState(event) };
    for (const event of events) {
      const findings = (this.#options.observers ?? []).flatMap((observer) => observer.observe(event));
      yield event;
      yield* findings;
    }
    if (divergence === undefined) return;
    const step = records[events.length]!.facts.step;
    yield { type: 'finding', step, finding: 'divergence', reason: divergence.message };
    yield await this.#rollBack(step, divergence);
  }

  /** Goes back to the last good state and slows both players down. @throws The divergence itself when that is not possible. */
  async #rollBack(from: number, divergence: GanKitError): Promise<RollbackEvent> {
    const { recovery, generatorOptimizer, discriminatorOptimizer } = this.#options;
    const { attempts = 3, learningRateFactor: slower = 0.5 } = recovery ?? {};
    const rollbacks = this.#progress.rollbacks + 1;
    const state = rollbacks > attempts ? undefined : await recovery?.lastGood();
    if (state === undefined) throw divergence;
    const { samplesSeen } = this.#progress;
    this.loadState(state);
    this.#progress.rollbacks = rollbacks;
    // Data go on where they are; the count of samples with them.
    this.#progress.samplesSeen = samplesSeen;
    const learningRateFactor = slower ** rollbacks;
    for (const optimizer of [generatorOptimizer, discriminatorOptimizer]) {
      optimizer.learningRateFactor = learningRateFactor;
    }
    return { type: 'rollback', from, step: this.step, learningRateFactor, reason: divergence.message };
  }

  /** One iteration of the schedule; `undefined` when the data ended before it was complete. */
  async #makeStep(batches: AsyncIterator<Batch>): Promise<StepRecord | undefined> {
    const { schedule = fixedSchedule(), watchEvery = 10 } = this.#options;
    const progress = this.#progress;
    const plan = schedule({ step: progress.step, samplesSeen: progress.samplesSeen, ...progress.lastRead });
    const watch = watchEvery > 0 && (progress.step + 1) % watchEvery === 0;
    const measured = await playStep({ options: this.#options, random: this.#random, progress }, plan, batches, watch);
    if (measured === undefined) return undefined;
    const { discriminatorUpdates, generatorUpdates } = plan;
    return recordStep(
      { step: progress.step, discriminatorUpdates, generatorUpdates, samplesSeen: progress.samplesSeen },
      measured.discriminator,
      measured.generator,
    );
  }

  #parts() {
    const { latent, parts, condition } = this.#random;
    return {
      ...statefulParts(this.#options),
      'latent-random': valueState(latent),
      'parts-random': valueState(parts),
      'condition-random': valueState(condition),
      progress: valueState({
        saveState: () => structuredClone(this.#progress) as unknown as Json,
        loadState: (saved: Json) => {
          this.#progress = structuredClone(saved) as unknown as TrainerProgress;
        },
      }),
    };
  }

  /** The state of every part: both players, optimisers, losses and penalties with state, schedules, averages, random streams. */
  saveState(): Promise<State> {
    return saveParts(this.#parts());
  }

  /**
   * Goes on from a saved state.
   * @throws GanKitError `incompatible` when it was saved by a trainer of other parts.
   */
  loadState(state: State): void {
    loadParts(this.#parts(), state);
  }
}

/** The numbers of a step that a schedule is told. */
const told = [
  'discriminatorLoss',
  'generatorLoss',
  'realScore',
  'fakeScore',
  'generatedScore',
  'realAccuracy',
  'fakeAccuracy',
  'generatedAccuracy',
] as const;

function gameState(event: StepEvent): TrainerProgress['lastRead'] {
  return Object.fromEntries(told.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]));
}
