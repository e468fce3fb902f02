// The numbers of steps on their way from the backend to events: many scalars, one read.
import { GanKitError, type StepEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { Measurements } from './objective.ts';

/** What is known of a step without asking the backend. */
export type StepFacts = Pick<StepEvent, 'step' | 'discriminatorUpdates' | 'generatorUpdates' | 'samplesSeen'>;

/** A step whose numbers are still on the backend. */
export interface StepRecord {
  readonly facts: StepFacts;
  readonly names: readonly string[];
  readonly values: tf.Tensor1D;
}

const penaltyPrefix = 'penalty:';

/**
 * Packs the last measurements of each player into one tensor, and disposes them.
 * @returns A record; whoever holds it disposes `values`.
 */
export function recordStep(
  facts: StepFacts,
  discriminator: Measurements | undefined,
  generator: Measurements | undefined,
): StepRecord {
  const scalars: Record<string, tf.Scalar> = {};
  if (discriminator !== undefined) {
    scalars['discriminatorLoss'] = discriminator.loss;
    if (discriminator.realScore !== undefined) scalars['realScore'] = discriminator.realScore;
  }
  if (generator !== undefined) scalars['generatorLoss'] = generator.loss;
  const fakeScore = discriminator?.fakeScore ?? generator?.fakeScore;
  if (fakeScore !== undefined) scalars['fakeScore'] = fakeScore;
  for (const measurements of [discriminator, generator]) {
    for (const [name, value] of Object.entries(measurements?.penalties ?? {})) scalars[penaltyPrefix + name] = value;
  }
  const names = Object.keys(scalars);
  const values = names.length === 0 ? tf.tensor1d([]) : (tf.stack(Object.values(scalars)) as tf.Tensor1D);
  tf.dispose([discriminator, generator].flatMap((measured) => (measured === undefined ? [] : tensorsOf(measured))));
  return { facts, names, values };
}

/** Every tensor of some measurements. */
export function tensorsOf({ loss, realScore, fakeScore, penalties }: Measurements): tf.Tensor[] {
  return [loss, fakeScore, ...(realScore === undefined ? [] : [realScore]), ...Object.values(penalties)];
}

/**
 * Reads records and makes their events, oldest first.
 * @throws GanKitError `numerical` at the first step with a loss or penalty that is NaN or infinite.
 */
export async function readSteps(records: readonly StepRecord[]): Promise<StepEvent[]> {
  const joined = tf.concat(records.map(({ values }) => values));
  const numbers = await joined.data();
  joined.dispose();
  let at = 0;
  return records.map(({ facts, names }) => {
    const penalties: Record<string, number> = {};
    const measured: Record<string, number> = {};
    for (const name of names) {
      const value = numbers[at++]!;
      if (!Number.isFinite(value)) throw divergenceError(facts.step, name.replace(penaltyPrefix, ''), value);
      if (name.startsWith(penaltyPrefix)) penalties[name.slice(penaltyPrefix.length)] = value;
      else measured[name] = value;
    }
    return { type: 'step', ...facts, ...measured, penalties };
  });
}

function divergenceError(step: number, name: string, value: number): GanKitError {
  return new GanKitError(
    'numerical',
    `Training diverged: the ${name} was ${value} at step ${step}; lower the learning rate, or add a penalty to the discriminator.`,
    { value },
  );
}
