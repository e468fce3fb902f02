// The training loop: a schedule decides, the two updates play, events tell.
import {
  type AdversarialLoss,
  type Batch,
  type Constraint,
  checkBatch,
  checkInteger,
  type Discriminator,
  type EndEvent,
  type GameState,
  type Generator,
  type Negatives,
  type Optimizer,
  type Penalty,
  type Player,
  type RandomStream,
  type StepEvent,
  type TrainingEvent,
  type UpdateSchedule,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkCompatibility } from './compatibility.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { updateDiscriminator } from './discriminator-update.ts';
import { eventLoopTurns } from './event-loop.ts';
import { fixedSchedule } from './schedules/fixed-schedule.ts';
import { updateGenerator } from './generator-update.ts';
import { drawLatent } from './latent.ts';
import type { Measurements } from './objective.ts';
import { readSteps, recordStep, type StepRecord, tensorsOf } from './step-record.ts';

export interface TrainerOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** Everything random in training (latents, penalties, negatives) comes from forks of this stream. */
  readonly random: RandomStream;
  /** Terms added to either player's loss; none by default. */
  readonly penalties?: readonly Penalty[];
  /** What is done to either player's variables after its updates; nothing by default. */
  readonly constraints?: readonly Constraint[];
  /** Where the discriminator's fake samples come from; the current generator by default. */
  readonly negatives?: Negatives;
  /** How many updates each player makes in a step; one each by default. */
  readonly schedule?: UpdateSchedule;
  /**
   * How many steps are made before their numbers are read from the backend in one go; their events then come together.
   * 1 by default. On a GPU, where a read waits for all work in flight, 10 is faster. A schedule sees the numbers of the steps
   * that have been read.
   */
  readonly readEvery?: number;
}

export interface RunOptions {
  /** Steps to make in this run; without it the run goes on until the signal, the data or the reader ends it. */
  readonly steps?: number;
  /** Ends the run after the step that is being made; the last event then says `aborted`. */
  readonly signal?: AbortSignal;
}

/**
 * Trains two players. It owns none of its parts: whoever made them disposes them, and may go on using them.
 */
export class Trainer {
  readonly #options: TrainerOptions;
  readonly #penalties: Readonly<Record<Player, readonly Penalty[]>>;
  readonly #constraints: Readonly<Record<Player, readonly Constraint[]>>;
  readonly #negatives: Negatives;
  readonly #schedule: UpdateSchedule;
  readonly #readEvery: number;
  readonly #latentRandom: RandomStream;
  readonly #partsRandom: RandomStream;
  #step = 0;
  #samplesSeen = 0;
  #updates: Record<Player, number> = { discriminator: 0, generator: 0 };
  #lastRead: Omit<GameState, 'step'> = {};

  /**
   * @throws GanKitError `incompatible` when the parts do not fit together, `invalid-argument` for a `readEvery` below 1.
   */
  constructor(options: TrainerOptions) {
    const { penalties = [], constraints = [], negatives = currentGenerator, schedule = fixedSchedule() } = options;
    const { readEvery = 1, random } = options;
    checkInteger('readEvery', readEvery);
    checkCompatibility({ ...options, penalties, negatives });
    const of = <T extends { readonly player: Player }>(parts: readonly T[]) => ({
      discriminator: parts.filter(({ player }) => player === 'discriminator'),
      generator: parts.filter(({ player }) => player === 'generator'),
    });
    this.#options = options;
    this.#penalties = of(penalties);
    this.#constraints = of(constraints);
    this.#negatives = negatives;
    this.#schedule = schedule;
    this.#readEvery = readEvery;
    this.#latentRandom = random.fork('latent');
    this.#partsRandom = random.fork('parts');
  }

  /** Steps made so far, over all runs. */
  get step(): number {
    return this.#step;
  }

  /**
   * Trains and tells about it. Breaking out of the loop stops training; calling `run` again goes on where it stopped.
   *
   * @param data Batches of float32 [batch, ...shape]; the trainer disposes each batch that it takes. An endless stream stays
   *   open, so that the next run can go on reading it.
   * @throws GanKitError `invalid-shape` for a batch that does not fit, `numerical` when a loss becomes NaN or infinite.
   */
  async *run(data: AsyncIterable<Batch>, options: RunOptions = {}): AsyncGenerator<TrainingEvent, void, undefined> {
    const { steps, signal } = options;
    if (steps !== undefined) checkInteger('steps', steps);
    const last = steps === undefined ? Number.POSITIVE_INFINITY : this.#step + steps;
    const batches = data[Symbol.asyncIterator]();
    const nextTurn = eventLoopTurns();
    let pending: StepRecord[] = [];
    const readPending = async () => {
      const events = pending.length === 0 ? [] : await readSteps(pending);
      tf.dispose(pending.map(({ values }) => values));
      pending = [];
      if (events.length > 0) this.#lastRead = gameState(events.at(-1)!);
      return events;
    };

    try {
      yield { type: 'start', step: this.#step, ...(steps === undefined ? {} : { steps: last }) };
      let reason: EndEvent['reason'] = 'completed';
      while (this.#step < last) {
        await nextTurn();
        if (signal?.aborted) {
          reason = 'aborted';
          break;
        }
        const record = await this.#makeStep(batches);
        if (record === undefined) {
          reason = 'exhausted';
          break;
        }
        pending.push(record);
        if (pending.length >= this.#readEvery) yield* await readPending();
      }
      yield* await readPending();
      yield { type: 'end', step: this.#step, reason };
    } finally {
      tf.dispose(pending.map(({ values }) => values));
    }
  }

  /** One iteration of the schedule; `undefined` when the data ended before it was complete. */
  async #makeStep(batches: AsyncIterator<Batch>): Promise<StepRecord | undefined> {
    const plan = this.#schedule({ step: this.#step, ...this.#lastRead });
    checkInteger("The schedule's discriminatorUpdates", plan.discriminatorUpdates, 0);
    checkInteger("The schedule's generatorUpdates", plan.generatorUpdates, 0);
    const updates = Math.max(plan.discriminatorUpdates, plan.generatorUpdates);
    checkInteger('The number of updates in a step', updates);
    let discriminator: Measurements | undefined;
    let generator: Measurements | undefined;
    for (let index = 0; index < updates; index++) {
      const { value: batch, done } = await batches.next();
      if (done) {
        tf.dispose([discriminator, generator].flatMap((measured) => (measured ? tensorsOf(measured) : [])));
        return undefined;
      }
      try {
        // The generator's updates come last, so that a step ends with the generator answering the newest discriminator.
        if (index < plan.discriminatorUpdates) {
          if (discriminator !== undefined) tf.dispose(tensorsOf(discriminator));
          discriminator = this.#update('discriminator', batch.data);
        }
        if (index >= updates - plan.generatorUpdates) {
          if (generator !== undefined) tf.dispose(tensorsOf(generator));
          generator = this.#update('generator', batch.data);
        }
        this.#samplesSeen += batch.data.shape[0]!;
      } finally {
        tf.dispose(batch.labels === undefined ? batch.data : [batch.data, batch.labels]);
      }
    }
    this.#step++;
    return recordStep(
      {
        step: this.#step,
        discriminatorUpdates: plan.discriminatorUpdates,
        generatorUpdates: plan.generatorUpdates,
        samplesSeen: this.#samplesSeen,
      },
      discriminator,
      generator,
    );
  }

  #update(player: Player, real: tf.Tensor): Measurements {
    const { generator, discriminator, loss, discriminatorOptimizer, generatorOptimizer } = this.#options;
    checkBatch('A batch of real samples', real, discriminator.inputShape);
    const latent = drawLatent(generator, real.shape[0]!, this.#latentRandom);
    const options = {
      generator,
      discriminator,
      loss,
      real,
      latent,
      random: this.#partsRandom,
      penalties: this.#penalties[player],
      constraints: this.#constraints[player],
      step: this.#step,
      update: this.#updates[player]++,
    };
    try {
      return player === 'discriminator'
        ? updateDiscriminator({ ...options, optimizer: discriminatorOptimizer, negatives: this.#negatives })
        : updateGenerator({ ...options, optimizer: generatorOptimizer });
    } finally {
      latent.dispose();
    }
  }
}

function gameState({ discriminatorLoss, generatorLoss, realScore, fakeScore }: StepEvent): Omit<GameState, 'step'> {
  return {
    ...(discriminatorLoss === undefined ? {} : { discriminatorLoss }),
    ...(generatorLoss === undefined ? {} : { generatorLoss }),
    ...(realScore === undefined ? {} : { realScore }),
    ...(fakeScore === undefined ? {} : { fakeScore }),
  };
}
