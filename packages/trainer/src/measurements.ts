// What an update measured: tensors on the backend until they are read, numbers afterwards.
// (Type aliases where `tf.tidy` hands them over: it takes no interfaces.)
import type { Discriminator, Player } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Measurements that cost something, made on request. */
export type WatchedMeasurements = {
  /** Euclidean norm of the gradient over all weights of the player. */
  readonly gradientNorm: tf.Scalar;
  /** Norm of the change of the weights over the norm of the weights. */
  readonly updateRatio: tf.Scalar;
  /** Standard deviation of the samples over the batch, averaged over the positions of a sample; of a generator's update. */
  readonly sampleDiversity?: tf.Scalar;
};

/** What an update measured, still on the backend. Whoever made the update disposes it: {@link disposeMeasurements}. */
export type Measurements = {
  /** The player that was updated. */
  readonly player: Player;
  /** What the logits are; see `Discriminator.verdict`. */
  readonly verdict: NonNullable<Discriminator['verdict']>;
  /** The objective, penalties included: a scalar. */
  readonly loss: tf.Scalar;
  /** The discriminator's logits on the real samples; absent when the update did not look at any. */
  readonly realLogits?: tf.Tensor;
  /** The discriminator's logits on the fake samples. */
  readonly fakeLogits: tf.Tensor;
  /** The penalties that were evaluated, by name, weighted as they went into the objective. */
  readonly penalties: Readonly<Record<string, tf.Scalar>>;
  readonly watched?: WatchedMeasurements;
};

/** The numbers of one update. */
export interface MeasuredNumbers {
  readonly player: Player;
  readonly loss: number;
  /** D(x): the mean probability of "real" given to real samples, 0 to 1. */
  readonly realScore?: number;
  /** D(G(z)): the mean probability of "real" given to fake samples, 0 to 1. */
  readonly fakeScore: number;
  /** Share of real samples taken for real, 0 to 1; absent where the verdict is an energy, which has no threshold. */
  readonly realAccuracy?: number;
  /** Share of fake samples taken for fake. */
  readonly fakeAccuracy?: number;
  readonly penalties: Readonly<Record<string, number>>;
  readonly gradientNorm?: number;
  readonly updateRatio?: number;
  readonly sampleDiversity?: number;
}

/** Every tensor of some measurements, in the order of cause and effect. */
function namedTensors(measurements: Measurements): [name: string, tensor: tf.Tensor][] {
  const { realLogits, fakeLogits, penalties, loss, watched } = measurements;
  return [
    ...(realLogits === undefined ? [] : [['realLogits', realLogits] as [string, tf.Tensor]]),
    ['fakeLogits', fakeLogits],
    ...Object.entries(penalties).map(([name, value]): [string, tf.Tensor] => [`penalty ${name}`, value]),
    ['loss', loss],
    ...Object.entries(watched ?? {}),
  ];
}

/** Frees the tensors of an update. */
export function disposeMeasurements(measurements: Measurements): void {
  tf.dispose(namedTensors(measurements).map(([, tensor]) => tensor));
}

/** Measurements of one or several updates in one tensor, so that one read is enough. */
export interface PackedMeasurements {
  readonly layout: readonly {
    readonly player: Player;
    readonly verdict: Measurements['verdict'];
    readonly entries: readonly { readonly name: string; readonly size: number }[];
  }[];
  /** float32 [all values]. Whoever packed disposes it. */
  readonly values: tf.Tensor1D;
}

/** Packs measurements and disposes them. */
export function packMeasurements(updates: readonly Measurements[]): PackedMeasurements {
  const flat: tf.Tensor1D[] = [];
  const layout = updates.map((update) => ({
    player: update.player,
    verdict: update.verdict,
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

function sigmoid(logit: number): number {
  return logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));
}

/** Mean probability of "real" and accuracy of one side. A verdict of exactly one half counts as half right. */
function judge(logits: Float32Array, verdict: Measurements['verdict'], isReal: boolean) {
  const units = verdict === 'two-class' ? 2 : 1;
  const count = logits.length / units;
  let sum = 0;
  let real = 0;
  for (let at = 0; at < logits.length; at += units) {
    const logit = units === 2 ? logits[at]! - logits[at + 1]! : logits[at]!;
    sum += verdict === 'energy' ? Math.exp(-logit) : sigmoid(logit);
    if (logit >= 0) real += logit === 0 ? 0.5 : 1;
  }
  const score = sum / count;
  // An energy has no threshold.
  return verdict === 'energy' ? { score } : { score, accuracy: (isReal ? real : count - real) / count };
}

/** A number that was not finite, and where. */
export interface NotFinite {
  readonly player: Player;
  /** `realLogits`, `fakeLogits`, `penalty NAME`, `loss` or a watched measurement: the first one in the order of cause and effect. */
  readonly name: string;
  readonly value: number;
}

/** The numbers of packed measurements, from the values that were read. */
export function unpackMeasurements(
  { layout }: PackedMeasurements,
  values: Float32Array,
): { readonly updates: readonly MeasuredNumbers[]; readonly notFinite?: NotFinite } {
  let at = 0;
  let notFinite: NotFinite | undefined;
  const updates = layout.map(({ player, verdict, entries }) => {
    const penalties: Record<string, number> = {};
    const numbers: Record<string, number> = {};
    for (const { name, size } of entries) {
      const part = values.subarray(at, at + size);
      at += size;
      const bad = part.find((value) => !Number.isFinite(value));
      if (bad !== undefined) notFinite ??= { player, name, value: bad };
      if (name === 'realLogits' || name === 'fakeLogits') {
        const side = name === 'realLogits' ? 'real' : 'fake';
        const { score, accuracy } = judge(part, verdict, side === 'real');
        numbers[`${side}Score`] = score;
        if (accuracy !== undefined) numbers[`${side}Accuracy`] = accuracy;
      } else if (name.startsWith('penalty ')) penalties[name.slice('penalty '.length)] = part[0]!;
      else numbers[name] = part[0]!;
    }
    return { player, ...numbers, penalties } as MeasuredNumbers;
  });
  return { updates, ...(notFinite === undefined ? {} : { notFinite }) };
}

/**
 * Reads what updates measured, all of it in one read, and disposes it. For loops of your own:
 * `const [d, g] = await readMeasurements([updateDiscriminator(...), updateGenerator(...)])`.
 */
export async function readMeasurements(updates: readonly Measurements[]): Promise<readonly MeasuredNumbers[]> {
  const packed = packMeasurements(updates);
  try {
    return unpackMeasurements(packed, (await packed.values.data()) as Float32Array).updates;
  } finally {
    packed.values.dispose();
  }
}
