// One step as a record on the backend, and as the event that tells of it.
import { type Communicator, GanKitError, isSpread, type PlayerNumbers, type StepEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import {
  type Measurements,
  type NotFinite,
  type PackedMeasurements,
  packMeasurements,
  type UnpackedUpdate,
  unpackMeasurements,
} from './measurements.ts';
import { judge } from './reading.ts';

/** What is known of a step without asking the backend. */
export type StepFacts = Pick<
  StepEvent,
  'step' | 'discriminatorUpdates' | 'generatorUpdates' | 'realSamples' | 'samplesSeen'
>;

/** A step whose numbers are still on the backend. */
export interface StepRecord extends PackedMeasurements {
  readonly facts: StepFacts;
  /** The real samples of the step, kept until its numbers are known: they may be what is wrong. */
  readonly data: readonly tf.Tensor[];
}

/** The value that each penalty of each player had when it was last evaluated. Plain JSON. */
export type LastPenalties = Record<'discriminator' | 'generator', Readonly<Record<string, number>>>;

/**
 * Packs the last measurements of each player into one tensor, and disposes them.
 * @param data The real samples; they belong to the record from now on.
 * @returns A record; whoever holds it disposes `values` and `data`.
 */
export function recordStep(
  facts: StepFacts,
  discriminator: Measurements | undefined,
  generator: Measurements | undefined,
  data: readonly tf.Tensor[],
): StepRecord {
  return { facts, data, ...packMeasurements([discriminator, generator].filter((measured) => measured !== undefined)) };
}

/**
 * Reads records and makes their events, oldest first.
 * @param lastPenalties What lazy penalties were last; moved on to what they are now.
 * @param communicator The processes that made the steps. All go by the numbers of rank 0, which are theirs as well, to the last bit where
 *   processors are of one kind: whatever decides by them decides the same everywhere.
 * @returns The events of the steps whose numbers were finite, and the error of the first that was not.
 */
export async function readSteps(
  records: readonly StepRecord[],
  lastPenalties: LastPenalties,
  communicator?: Communicator,
): Promise<{ readonly events: readonly StepEvent[]; readonly divergence?: GanKitError | undefined }> {
  const joined = tf.concat1d(records.map(({ values }) => values));
  let numbers = (await joined.data()) as Float32Array;
  joined.dispose();
  if (isSpread(communicator)) {
    const { buffer, byteOffset, byteLength } = numbers;
    numbers = new Float32Array(communicator.broadcast(new Uint8Array(buffer, byteOffset, byteLength)).slice().buffer);
  }
  const events: StepEvent[] = [];
  let at = 0;
  for (const record of records) {
    const size = record.values.size;
    const { updates, notFinite } = unpackMeasurements(record, numbers.subarray(at, at + size));
    if (notFinite !== undefined) return { events, divergence: divergenceError(record.facts.step, notFinite) };
    events.push(stepEvent(record.facts, updates, lastPenalties));
    at += size;
  }
  return { events };
}

function stepEvent(facts: StepFacts, updates: readonly UnpackedUpdate[], lastPenalties: LastPenalties): StepEvent {
  const numbersOf: Partial<Record<keyof LastPenalties, PlayerNumbers>> = {};
  for (const { numbers } of updates) {
    const { player, ...measured } = numbers;
    lastPenalties[player] = { ...lastPenalties[player], ...measured.penalties };
    const objective = Object.values(lastPenalties[player]).reduce(
      (sum, value) => sum + value,
      measured.adversarialLoss,
    );
    numbersOf[player] = { ...measured, objective };
  }
  const accuracy = accuracyOf(updates);
  return { type: 'step', ...facts, ...numbersOf, ...(accuracy === undefined ? {} : { accuracy }) };
}

/** How often the discriminator is right about real samples and about what the generator makes now. */
function accuracyOf(updates: readonly UnpackedUpdate[]): number | undefined {
  const of = (player: string) => updates.find(({ numbers }) => numbers.player === player);
  const [discriminator, generator] = [of('discriminator'), of('generator')];
  const generated = generator ?? (discriminator?.fromGenerator ? discriminator : undefined);
  if (generated === undefined) return undefined;
  const { fake } = generated.outputs;
  return judge(generated.reading, { real: generated.outputs.real ?? discriminator?.outputs.real, fake }).accuracy;
}

function divergenceError(step: number, { player, name, value }: NotFinite): GanKitError {
  const words: Readonly<Record<string, string>> = {
    realLogits: "discriminator's logits on real samples",
    fakeLogits: "discriminator's logits on fake samples",
    adversarialLoss: `${player}'s loss`,
    gradientNorm: `${player}'s gradient`,
    updateRatio: `${player}'s update`,
    sampleDiversity: "generator's samples",
  };
  const what = words[name] ?? `${player}'s ${name}`;
  const advice =
    step === 1
      ? 'the very first; look at the weights that both players began with, and at losses and penalties of your own'
      : 'lower the learning rate, or add a penalty to the discriminator';
  return new GanKitError(
    'numerical',
    `Training diverged: the ${what} was ${value} at step ${step}${step === 1 ? ',' : ';'} ${advice}.`,
    { value },
  );
}
