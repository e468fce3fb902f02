// The numbers of steps on their way from the backend to events: many tensors, one read.
import { GanKitError, type StepEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import {
  type MeasuredNumbers,
  type Measurements,
  type NotFinite,
  type PackedMeasurements,
  packMeasurements,
  unpackMeasurements,
} from './measurements.ts';

/** What is known of a step without asking the backend. */
export type StepFacts = Pick<StepEvent, 'step' | 'discriminatorUpdates' | 'generatorUpdates' | 'samplesSeen'>;

/** A step whose numbers are still on the backend. */
export interface StepRecord extends PackedMeasurements {
  readonly facts: StepFacts;
}

/**
 * Packs the last measurements of each player into one tensor, and disposes them.
 * @returns A record; whoever holds it disposes `values`.
 */
export function recordStep(
  facts: StepFacts,
  discriminator: Measurements | undefined,
  generator: Measurements | undefined,
): StepRecord {
  return { facts, ...packMeasurements([discriminator, generator].filter((measured) => measured !== undefined)) };
}

/**
 * Reads records and makes their events, oldest first.
 * @returns The events of the steps whose numbers were finite, and the error of the first that was not.
 */
export async function readSteps(
  records: readonly StepRecord[],
): Promise<{ readonly events: readonly StepEvent[]; readonly divergence?: GanKitError }> {
  const joined = tf.concat1d(records.map(({ values }) => values));
  const numbers = (await joined.data()) as Float32Array;
  joined.dispose();
  const events: StepEvent[] = [];
  let at = 0;
  for (const record of records) {
    const size = record.values.size;
    const { updates, notFinite } = unpackMeasurements(record, numbers.subarray(at, at + size));
    if (notFinite !== undefined) return { events, divergence: divergenceError(record.facts.step, notFinite) };
    events.push(stepEvent(record.facts, updates));
    at += size;
  }
  return { events };
}

function stepEvent(facts: StepFacts, updates: readonly MeasuredNumbers[]): StepEvent {
  const discriminator = updates.find(({ player }) => player === 'discriminator');
  const generator = updates.find(({ player }) => player === 'generator');
  const numbers = {
    discriminatorLoss: discriminator?.loss,
    generatorLoss: generator?.loss,
    realScore: discriminator?.realScore,
    fakeScore: discriminator?.fakeScore,
    generatedScore: generator?.fakeScore,
    realAccuracy: discriminator?.realAccuracy,
    fakeAccuracy: discriminator?.fakeAccuracy,
    generatedAccuracy: generator?.fakeAccuracy,
    discriminatorGradientNorm: discriminator?.gradientNorm,
    generatorGradientNorm: generator?.gradientNorm,
    discriminatorUpdateRatio: discriminator?.updateRatio,
    generatorUpdateRatio: generator?.updateRatio,
    sampleDiversity: generator?.sampleDiversity,
  };
  const measured = Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
  return { type: 'step', ...facts, ...measured, penalties: { ...discriminator?.penalties, ...generator?.penalties } };
}

function divergenceError(step: number, { player, name, value }: NotFinite): GanKitError {
  const words: Readonly<Record<string, string>> = {
    realLogits: "discriminator's logits on real samples",
    fakeLogits: "discriminator's logits on fake samples",
    loss: `${player}Loss`,
    gradientNorm: `${player}'s gradient`,
    updateRatio: `${player}'s update`,
    sampleDiversity: "generator's samples",
  };
  const what = words[name] ?? name;
  return new GanKitError(
    'numerical',
    `Training diverged: the ${what} was ${value} at step ${step}; lower the learning rate, or add a penalty to the discriminator.`,
    { value },
  );
}
