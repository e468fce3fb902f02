import {
  type Batch,
  type Condition,
  type Conditioning,
  type ConditionKind,
  conditionKinds,
  conditionOf,
  formatShape,
  GanKitError,
  unknownNameError,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** What a batch's tensors of each kind must be. */
const forms: Readonly<Record<ConditionKind, { readonly dtype: tf.DataType; readonly rank: number }>> = {
  labels: { dtype: 'int32', rank: 1 },
  vectors: { dtype: 'float32', rank: 2 },
  images: { dtype: 'float32', rank: 4 },
};

/** What came with a batch, checked without a look at its values; it stays with the batch. */
function toldBy(name: string, kind: ConditionKind, batch: Batch): tf.Tensor {
  const tensor: tf.Tensor | undefined = batch[kind];
  if (tensor === undefined) {
    throw new GanKitError(
      'incompatible',
      `The data have no ${kind}, which ${name} is to tell the players; use data that come with ${kind}, or leave '${kind}' out of dataConditions.`,
      { value: kind },
    );
  }
  const { dtype, rank } = forms[kind];
  const samples = batch.data.shape[0]!;
  if (tensor.dtype === dtype && tensor.rank === rank && tensor.shape[0] === samples) return tensor;
  throw new GanKitError(
    'invalid-shape',
    `${name} needs ${kind} that are ${dtype} of rank ${rank} for ${samples} samples, not ${tensor.dtype} of shape ${formatShape(tensor.shape)}.`,
    { value: tensor.shape },
  );
}

/**
 * Both players are told what came with the real samples: their classes, descriptions, the images that belong to them (the other half of
 * a pair, pix2pix). Generated sample i is told what real sample i is.
 *
 * Only what is named is told, so that data may know more than the players shall: `dataConditions('labels', 'vectors')`.
 * @param kinds At least one of `labels`, `vectors` and `images`.
 * @throws GanKitError `invalid-argument` without a kind, `unknown-name` for one that does not exist; when it is used, `incompatible` for
 *   data that lack one and `invalid-shape` for tensors of another type, rank or number of samples.
 */
export function dataConditions(...kinds: readonly ConditionKind[]): Conditioning {
  if (kinds.length === 0) {
    throw new GanKitError(
      'invalid-argument',
      `dataConditions needs to know what to tell the players; name one or more of ${conditionKinds.join(', ')}.`,
    );
  }
  const unknown = kinds.find((kind) => !conditionKinds.includes(kind));
  if (unknown !== undefined) throw unknownNameError('condition', String(unknown), conditionKinds);
  const told = conditionKinds.filter((kind) => kinds.includes(kind));
  const name = 'data-conditions';
  return {
    name,
    gives: { real: told, fake: told },
    condition(batch) {
      const tensors = told.map((kind) => [kind, toldBy(name, kind, batch)] as const);
      const real: Condition | undefined = conditionOf(
        Object.fromEntries(tensors.map(([kind, tensor]) => [kind, tf.clone(tensor)])),
      );
      return { real };
    },
  };
}
