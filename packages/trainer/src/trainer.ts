// The training loop: a schedule decides, the updates play, events tell.
import {
  type Batch,
  checkInteger,
  checkOptions,
  disposeParts,
  type EndEvent,
  type ErrorEvent,
  type GameState,
  GanKitError,
  type Json,
  loadParts,
  type RollbackEvent,
  type State,
  type Stateful,
  type StepEvent,
  type SwapEvent,
  saveParts,
  type TrainingEvent,
  type TrainingRun,
  type UpdatePlan,
  valueState,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { batchesOf } from './batches-of.ts';
import { dataFault, disposeData } from './data-faults.ts';
import { eventLoopTurns } from './event-loop.ts';
import { checkPlan, type GameRandom, type Progress, playStep, takeBatches } from './game.ts';
import { changedOptions, penaltiesOf, resolvedOptions } from './resolved-options.ts';
import { beginCallbacks, closeCallbacks, runParts, tellCallbacks } from './run-callbacks.ts';
import { fixedSchedule } from './schedules/fixed-schedule.ts';
import { type LastPenalties, readSteps, recordStep, type StepRecord } from './step-record.ts';
import type { ResolvedOptions, RunOptions, TrainerChanges, TrainerOptions } from './trainer-options.ts';
import { ownedParts, statefulParts } from './trainer-parts.ts';

/** What the trainer itself remembers: plain JSON. */
interface TrainerProgress extends Progress {
  rollbacks: number;
  /** What the schedule wants for the step that was not made yet, because its data are awaited; `null` when it was not asked. */
  plan: UpdatePlan | null;
  /** What the schedule is told of the last steps that were read. */
  lastRead: Pick<GameState, 'accuracy' | 'discriminator' | 'generator'>;
  lastPenalties: LastPenalties;
}

/** An exchange of parts that was asked for. */
interface Swap {
  readonly make: () => Promise<TrainerChanges>;
  readonly changed: readonly string[] | undefined;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Trains two players. It owns none of its parts: whoever made them disposes them, all at once with {@link disposeParts}, and may go on
 * using them.
 *
 * Its state is that of all its parts: saved at any time and loaded into a trainer of the same parts, training goes on as
 * if it had never stopped, to the same bytes (together with the state of the stream of batches, which is not the trainer's).
 */
export class Trainer implements Stateful {
  #options: ResolvedOptions;
  readonly #random: GameRandom;
  #progress: TrainerProgress = {
    step: 0,
    samplesSeen: 0,
    samplesPlayed: 0,
    batchSize: 0,
    samplesToAverage: 0,
    rollbacks: 0,
    plan: null,
    lastRead: {},
    lastPenalties: { discriminator: {}, generator: {} },
  };
  /** Exchanges that wait for the end of the step that is being made. */
  #swaps: Swap[] = [];
  /** What was exchanged while the game rested, to be told when it goes on. */
  #swapped: SwapEvent[] = [];
  #stopped = false;
  #running = false;
  /** Whether the data of this run were looked at. */
  #dataSeen = false;
  /** Settles when the step that is being made is complete. */
  #stepMade: Promise<unknown> = Promise.resolve();

  /**
   * @throws GanKitError `incompatible` when the parts do not fit together, `invalid-argument` for an option that is unknown, missing or
   *   out of range.
   */
  constructor(options: TrainerOptions) {
    this.#options = resolvedOptions(options);
    const { random } = options;
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
   * Decides the next step in place of the schedule, for those who play the game by hand: one update of the discriminator alone, then one of
   * the generator. The schedule is asked again for the step after it. A swap in between takes the plan back.
   * @throws GanKitError `invalid-argument` or `incompatible` for a plan that cannot be played, at once; the next step is the schedule's then.
   */
  planNext(plan: UpdatePlan): void {
    checkPlan(plan, this.#options);
    this.#progress.plan = { ...plan };
  }

  /**
   * Exchanges parts of the game between two steps. A game that is being played tells of it in a `swap` event before the first step with the
   * new parts; one that rests tells of it when it goes on. The caller owns the parts that are no longer used, and frees them afterwards.
   *
   * @param changes The new parts, or a function that makes them between the two steps, for parts that take over the state of others; what
   *   is absent stays.
   * @param changed What was exchanged, for the event; the names of the new parts when absent.
   * @returns When the parts were exchanged.
   * @throws GanKitError `incompatible` when the new parts do not fit, `another-run` when a player would be another one than before: its
   *   variables must be the same. Nothing is exchanged then, and the game goes on as it is.
   */
  swap(changes: TrainerChanges | (() => Promise<TrainerChanges>), changed?: readonly string[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#swaps.push({
        make: async () => (typeof changes === 'function' ? changes() : changes),
        changed,
        done,
        failed,
      });
      if (!this.#running) this.#exchange().then((events) => this.#swapped.push(...events));
    });
  }

  /** Puts new parts in their place. It is called between two steps. */
  async #exchange(): Promise<SwapEvent[]> {
    const events: SwapEvent[] = [];
    for (let swap = this.#swaps.shift(); swap !== undefined; swap = this.#swaps.shift()) {
      try {
        const changes = await swap.make();
        const options = changedOptions(this.#options, changes);
        // What the last steps said was said by another loss.
        if (options.loss !== this.#options.loss) this.#progress.lastRead = {};
        this.#progress.lastPenalties = penaltiesOf(options, this.#progress.lastPenalties);
        // A plan for a step that was not made yet is the new schedule's to make.
        this.#progress.plan = null;
        this.#options = options;
        events.push({ type: 'swap', step: this.step, changed: swap.changed ?? Object.keys(changes) });
        swap.done();
      } catch (error) {
        swap.failed(error);
      }
    }
    return events;
  }

  /** Frees both players, their optimisers, the average and every other part that has something to free. The trainer is over then. */
  disposeParts(): void {
    disposeParts(...ownedParts(this.#options));
  }

  /**
   * Trains to the end of the run, for those who need no loop: what happens on the way is told to the callbacks.
   * @returns The last event. @throws Whatever {@link run} throws.
   */
  async train(data: AsyncIterable<Batch> | Iterable<Batch>, options: RunOptions = {}): Promise<EndEvent> {
    let end: EndEvent | undefined;
    for await (const event of this.run(data, options)) if (event.type === 'end') end = event;
    return end!;
  }

  /**
   * Trains and tells about it. Breaking out of the loop stops training; calling `run` again goes on where it stopped. A failed run tells
   * of its error in an event before it throws.
   *
   * @param data Batches of float32 [batch, ...shape]; the trainer disposes each batch that it takes. An endless stream stays
   *   open, so that the next run can go on reading it.
   * @throws GanKitError `conflict` while another run of this trainer goes on, `invalid-shape` for a batch that does not fit,
   *   `numerical` when a number becomes NaN or infinite and there is no recovery from it.
   */
  async *run(
    data: AsyncIterable<Batch> | Iterable<Batch>,
    options: RunOptions = {},
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    checkOptions('run', options, { steps: 'optional', until: 'optional', signal: 'optional', callbacks: 'optional' });
    const { steps, until, callbacks = [] } = options;
    if (steps !== undefined) checkInteger('steps', steps);
    if (until !== undefined) checkInteger('until', until, 0);
    if (steps !== undefined && until !== undefined) {
      throw new GanKitError(
        'invalid-argument',
        "Give either 'steps', to be made now, or 'until', the last step of all.",
      );
    }
    const batches = batchesOf(data);
    if (this.#running) {
      throw new GanKitError(
        'conflict',
        'This trainer is in the middle of another run; end that one first (leave its loop, or call stop()).',
      );
    }
    this.#running = true;
    const parts = runParts(this, data, callbacks);
    const trainer = this;
    const run: TrainingRun = {
      get step() {
        return trainer.step;
      },
      stop: () => this.stop(),
      parts,
      saveState: async () => {
        // Batches that were taken for a step that is not made yet would be missing from both.
        await this.#stepMade;
        return saveParts(parts);
      },
    };
    try {
      await beginCallbacks(callbacks, run);
      for await (const event of this.#events(batches, options)) {
        await tellCallbacks(callbacks, event, run);
        yield event;
      }
    } catch (error) {
      const event = errorEvent(this.step, error);
      // A callback that fails as well must not hide what failed first.
      await tellCallbacks(callbacks, event, run).catch(() => undefined);
      yield event;
      throw error;
    } finally {
      this.#running = false;
      this.#swapped.push(...(await this.#exchange()));
      await closeCallbacks(callbacks);
    }
  }

  async *#events(
    batches: AsyncIterator<Batch>,
    { steps, until, signal }: RunOptions,
  ): AsyncGenerator<TrainingEvent, void, undefined> {
    const { readEvery = 1 } = this.#options;
    const last = until ?? (steps === undefined ? Number.POSITIVE_INFINITY : this.step + steps);
    const nextTurn = eventLoopTurns();
    let pending: StepRecord[] = [];
    const takePending = () => {
      const records = pending;
      pending = [];
      return records;
    };
    this.#stopped = false;
    this.#dataSeen = false;

    try {
      yield { type: 'start', step: this.step, ...(Number.isFinite(last) ? { until: last } : {}) };
      yield* this.#swapped.splice(0);
      let reason: EndEvent['reason'] = 'completed';
      while (this.step < last) {
        await nextTurn();
        const ending = this.#endingBy(signal);
        if (ending !== undefined) {
          reason = ending;
          break;
        }
        if (this.#swaps.length > 0) {
          yield* this.#tell(takePending());
          yield* await this.#exchange();
        }
        const step = this.#makeStep(batches);
        this.#stepMade = step.catch(() => undefined);
        const record = await step;
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
      disposeData(pending);
    }
  }

  /** Why the run ends before the next step, if it does: because any of its processes was told so. */
  #endingBy(signal: AbortSignal | undefined): EndEvent['reason'] | undefined {
    const told = Float32Array.of(Number(this.#stopped), Number(signal?.aborted ?? false));
    this.#options.communicator?.allReduce(told);
    const [stopped, aborted] = told;
    if (stopped! > 0) return 'stopped';
    return aborted! > 0 ? 'aborted' : undefined;
  }

  /** Reads records and disposes them; yields what observers make of each step, then its event. */
  async *#tell(records: readonly StepRecord[]): AsyncGenerator<TrainingEvent, void, undefined> {
    if (records.length === 0) return;
    const progress = this.#progress;
    const { events, divergence } = await this.#read(records);
    for (const event of events) progress.lastRead = { ...progress.lastRead, ...gameState(event) };
    for (const event of events) {
      yield* this.#options.observers.flatMap((observer) => observer.observe(event));
      yield event;
    }
    if (divergence === undefined) return;
    const step = records[events.length]!.facts.step;
    yield { type: 'finding', step, finding: 'divergence', reason: divergence.message };
    yield await this.#rollBack(step, divergence);
  }

  /** Reads records and disposes them. @throws GanKitError `invalid-data` when it is the data that are wrong. */
  async #read(records: readonly StepRecord[]): ReturnType<typeof readSteps> {
    try {
      const read = await readSteps(records, this.#progress.lastPenalties, this.#options.communicator);
      const suspect = read.divergence === undefined ? undefined : records[read.events.length];
      const unseen = this.#dataSeen ? [] : records.slice(0, 1);
      for (const { data, facts } of suspect === undefined ? unseen : [suspect]) {
        const fault = await dataFault(data, facts.step);
        if (fault !== undefined) throw fault;
      }
      this.#dataSeen = true;
      return read;
    } finally {
      tf.dispose(records.map(({ values }) => values));
      disposeData(records);
    }
  }

  /** Goes back to the last good state and slows both players down. @throws The divergence itself when that is not possible. */
  async #rollBack(from: number, divergence: GanKitError): Promise<RollbackEvent> {
    const { recovery, generatorOptimizer, discriminatorOptimizer } = this.#options;
    const { attempts = 3, learningRateFactor: slower = 0.5 } = recovery ?? {};
    const rollbacks = this.#progress.rollbacks + 1;
    const state = rollbacks > attempts ? undefined : await recovery?.lastGood();
    if (state === undefined) throw divergence;
    const { samplesSeen, samplesPlayed } = this.#progress;
    this.loadState(state);
    // Data go on where they are; the counts of samples with them.
    Object.assign(this.#progress, { rollbacks, samplesSeen, samplesPlayed });
    const learningRateFactor = slower ** rollbacks;
    for (const optimizer of [generatorOptimizer, discriminatorOptimizer]) {
      optimizer.learningRateFactor = learningRateFactor;
    }
    return { type: 'rollback', from, step: this.step, learningRateFactor, reason: divergence.message };
  }

  /** One iteration of the schedule; `undefined` when the data ended before it could be made. */
  async #makeStep(batches: AsyncIterator<Batch>): Promise<StepRecord | undefined> {
    const { schedule = fixedSchedule(), watchEvery = 10 } = this.#options;
    const progress = this.#progress;
    const { step, samplesSeen, samplesPlayed, lastRead } = progress;
    progress.plan ??= schedule({ step, samplesSeen, samplesPlayed, ...lastRead });
    const { plan } = progress;
    checkPlan(plan, this.#options);
    const game = { options: this.#options, random: this.#random, progress };
    const taken = await takeBatches(game, plan, batches);
    if (taken === undefined) return undefined;
    const watch = watchEvery > 0 && (step + 1) % watchEvery === 0;
    const measured = playStep(game, plan, taken, watch);
    progress.plan = null;
    const { discriminatorUpdates, generatorUpdates } = plan;
    const realSamples = progress.samplesSeen - samplesSeen;
    return recordStep(
      { step: progress.step, discriminatorUpdates, generatorUpdates, realSamples, samplesSeen: progress.samplesSeen },
      measured.discriminator,
      measured.generator,
      taken.flatMap((batch) => batch?.data ?? []),
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

  /**
   * The state of every part: both players, optimisers, losses and penalties with state, schedules, averages, random streams. It may be
   * called at any time, also beside a running game: it is that of the last complete step.
   */
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

/** What a schedule is told of a step. */
function gameState({ accuracy, discriminator, generator }: StepEvent): TrainerProgress['lastRead'] {
  return {
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(discriminator && { discriminator }),
    ...(generator && { generator }),
  };
}

function errorEvent(step: number, error: unknown): ErrorEvent {
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'error', step, ...(GanKitError.isInstance(error) ? { code: error.code } : {}), message };
}
