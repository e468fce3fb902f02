// What an update measured: tensors on the backend until they are read, numbers afterwards.
// (Type aliases where `tf.tidy` hands them over: it takes no interfaces.)
import type { Player, PlayerNumbers } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { judge, type RawOutputs, type Reading } from './reading.ts';

/** Measurements that cost something, made on request. */
export type WatchedMeasurements = {
  /** Euclidean norm of the gradient over all weights of the player. */
  readonly gradientNorm: tf.Scalar;
  /** Norm of the change of the weights over the norm of the weights; absent when the optimiser only collected gradients. */
  readonly updateRatio?: tf.Scalar;
  /** Standard deviation of the samples over the batch, averaged over the positions of a sample; of a generator's update. */
  readonly sampleDiversity?: tf.Scalar;
};

/** What an update measured, still on the backend. Whoever made the update disposes it: {@link disposeMeasurements}. */
export type Measurements = {
  /** The player that was updated. */
  readonly player: Player;
  /** How the loss reads the discriminator's outputs. */
  readonly reading: Reading;
  /** Whether the fake samples are what the generator makes now. */
  readonly fromGenerator: boolean;
  /** The loss of the game alone: a scalar. */
  readonly adversarialLoss: tf.Scalar;
  /** The discriminator's logits on the real samples; absent when the update did not look at any. */
  readonly realLogits?: tf.Tensor;
  /** The discriminator's logits on the fake samples. */
  readonly fakeLogits: tf.Tensor;
  /** The penalties that were evaluated, by name: weight times term. */
  readonly penalties: Readonly<Record<string, tf.Scalar>>;
  readonly watched?: WatchedMeasurements;
};

/**
 * The numbers of one update. Its `objective` counts the penalties that were evaluated in this very update; a trainer, which knows
 * the earlier ones, adds those of the lazy penalties.
 */
export interface MeasuredNumbers extends PlayerNumbers {
  readonly player: Player;
}

/** Every tensor of some measurements, in the order of cause and effect. */
function namedTensors(measurements: Measurements): [name: string, tensor: tf.Tensor][] {
  const { realLogits, fakeLogits, penalties, adversarialLoss, watched = {} } = measurements;
  const entries: [string, tf.Tensor | undefined][] = [
    ['realLogits', realLogits],
    ['fakeLogits', fakeLogits],
    ['adversarialLoss', adversarialLoss],
    ...Object.entries(penalties).map(([name, value]): [string, tf.Tensor] => [`penalty ${name}`, value]),
    ...(Object.entries(watched) as [string, tf.Tensor | undefined][]),
  ];
  return entries.filter((entry): entry is [string, tf.Tensor] => entry[1] !== undefined);
}

/** Frees the tensors of an update. */
export function disposeMeasurements(measurements: Measurements): void {
  tf.dispose(namedTensors(measurements).map(([, tensor]) => tensor));
}

/** Measurements of one or several updates in one tensor, so that one read is enough. */
export interface PackedMeasurements {
  readonly layout: readonly (Pick<Measurements, 'player' | 'reading' | 'fromGenerator'> & {
    readonly entries: readonly { readonly name: string; readonly size: number }[];
  })[];
  /** float32 [all values]. Whoever packed disposes it. */
  readonly values: tf.Tensor1D;
}

/** Packs measurements and disposes them. */
export function packMeasurements(updates: readonly Measurements[]): PackedMeasurements {
  const flat: tf.Tensor1D[] = [];
  const layout = updates.map((update) => ({
    player: update.player,
    reading: update.reading,
    fromGenerator: update.fromGenerator,
    entries: namedTensors(update).map(([name, tensor]) => {
      flat.push(tensor.reshape([tensor.size]));
      return { name, size: tensor.size };
    }),
  }));
  const values = flat.length === 0 ? tf.tensor1d([]) : tf.concat1d(flat);
  tf.dispose(flat);
  updates.forEach(disposeMeasurements);
  return { layout, values };
}

/** A number that was not finite, and where. */
export interface NotFinite {
  readonly player: Player;
  /** `realLogits`, `fakeLogits`, `adversarialLoss`, `penalty NAME` or a watched measurement: the first in the order of cause and effect. */
  readonly name: string;
  readonly value: number;
}

/** One update after it was read. */
export interface UnpackedUpdate extends Pick<Measurements, 'reading' | 'fromGenerator'> {
  readonly numbers: MeasuredNumbers;
  /** The logits themselves. */
  readonly outputs: RawOutputs;
}

/** The numbers of packed measurements, from the values that were read. */
export function unpackMeasurements(
  { layout }: PackedMeasurements,
  values: Float32Array,
): { readonly updates: readonly UnpackedUpdate[]; readonly notFinite?: NotFinite | undefined } {
  let at = 0;
  let notFinite: NotFinite | undefined;
  const updates = layout.map(({ player, reading, fromGenerator, entries }) => {
    const penalties: Record<string, number> = {};
    const numbers: Record<string, number> = {};
    const logits: Record<string, Float32Array> = {};
    for (const { name, size } of entries) {
      const part = values.subarray(at, at + size);
      at += size;
      const bad = part.find((value) => !Number.isFinite(value));
      if (bad !== undefined) notFinite ??= { player, name, value: bad };
      if (name === 'realLogits' || name === 'fakeLogits') logits[name] = part;
      else if (name.startsWith('penalty ')) penalties[name.slice('penalty '.length)] = part[0]!;
      else numbers[name] = part[0]!;
    }
    const outputs: RawOutputs = { real: logits['realLogits'], fake: logits['fakeLogits']! };
    const { adversarialLoss = Number.NaN, ...watched } = numbers;
    const objective = adversarialLoss + Object.values(penalties).reduce((sum, value) => sum + value, 0);
    return {
      reading,
      fromGenerator,
      outputs,
      numbers: { player, adversarialLoss, penalties, objective, ...judge(reading, outputs), ...watched },
    };
  });
  return { updates, notFinite };
}

/**
 * Reads what updates measured, all of it in one read, and disposes it. For loops of your own:
 * `const [d, g] = await readMeasurements([updateDiscriminator(...), updateGenerator(...)])`.
 */
export async function readMeasurements(updates: readonly Measurements[]): Promise<readonly MeasuredNumbers[]> {
  const packed = packMeasurements(updates);
  try {
    const { updates: read } = unpackMeasurements(packed, (await packed.values.data()) as Float32Array);
    return read.map(({ numbers }) => numbers);
  } finally {
    packed.values.dispose();
  }
}
