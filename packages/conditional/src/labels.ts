// Classes on their way into a network: checked where that costs no read from the backend, and as numbers that one can differentiate.
import { type Condition, checkInteger, type ForwardOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Checks a number of classes: whole, at least 2. */
export function checkClasses(classes: number): void {
  checkInteger('classes', classes, 2);
}

/**
 * Labels as the tensor that a condition takes, after a check of each.
 * @returns int32 [labels.length]; the caller owns it.
 * @throws GanKitError `invalid-argument` for a label that is not a whole number from 0 to classes - 1.
 */
export function labelTensor(labels: readonly number[] | Int32Array, classes: number): tf.Tensor1D {
  checkClasses(classes);
  const wrong = [...labels].find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      `A label must be a whole number from 0 to ${classes - 1}, not ${wrong}; there are ${classes} classes.`,
      { value: wrong },
    );
  }
  return tf.tensor1d(Int32Array.from(labels), 'int32');
}

/** What the backends of GPUs keep of a tensor: its numbers, until a kernel has wanted them. */
interface HeldTensors {
  has(dataId: object): boolean;
  get(dataId: object): { readonly values?: ArrayLike<number> | null | undefined };
}

/**
 * The values where they can be read without waiting for a GPU; nothing where they cannot. (A synchronous read from WebGPU stops the
 * page, and can lose the device.)
 */
function valuesOf(labels: tf.Tensor): ArrayLike<number> | undefined {
  const { texData, tensorMap } = tf.backend() as { readonly texData?: HeldTensors; readonly tensorMap?: HeldTensors };
  const held = texData ?? tensorMap;
  if (held === undefined) return labels.dataSync();
  return (held.has(labels.dataId) && held.get(labels.dataId).values) || undefined;
}

/**
 * Checks the values of labels where that waits for nothing: always on backends that compute on the processor, and on GPUs those of
 * labels that no kernel has used yet, as the batches of a data source are.
 * @throws GanKitError `invalid-data` for a label that is not from 0 to classes - 1.
 */
export function checkLabelValues(who: string, labels: tf.Tensor, classes: number): void {
  for (const label of Array.from(valuesOf(labels) ?? [])) {
    if (label >= 0 && label < classes) continue;
    throw new GanKitError(
      'invalid-data',
      `${who} was given the label ${label} and knows the classes 0 to ${classes - 1}; number the classes of the data from 0, and let every part know how many there are.`,
      { value: label },
    );
  }
}

/** Checks that labels are int32 [batch]. Their values stay on the backend unseen. */
export function checkLabels(who: string, labels: tf.Tensor, batch: number): void {
  if (labels.dtype === 'int32' && labels.rank === 1 && labels.shape[0] === batch) return;
  throw new GanKitError(
    'invalid-shape',
    `${who} needs labels that are int32 of shape [${batch}], not ${labels.dtype} of shape ${formatShape(labels.shape)}.`,
    { value: labels.shape },
  );
}

/** Checks that vectors are float32 [batch, length]. */
export function checkVectors(who: string, vectors: tf.Tensor, batch: number, length: number): void {
  if (vectors.dtype === 'float32' && vectors.shape.join() === `${batch},${length}`) return;
  throw new GanKitError(
    'invalid-shape',
    `${who} needs vectors that are float32 of shape [${batch}, ${length}], not ${vectors.dtype} of shape ${formatShape(vectors.shape)}.`,
    { value: vectors.shape },
  );
}

/**
 * The class of each sample as weights over the classes: one-hot from `labels` or, when there are none, the first columns of
 * `vectors` as they are, so that a sample can lie between classes. A label outside 0 to classes - 1 has no weight at all.
 * @param who Whoever wants to know, for the error's sentence.
 * @param others How many columns `vectors` has beside the class weights.
 * @returns float32 [batch, classes].
 * @throws GanKitError `incompatible` when neither is there, `invalid-shape` when one has another shape.
 */
export function classWeights(
  who: string,
  condition: Condition | undefined,
  classes: number,
  batch: number,
  others = 0,
): tf.Tensor2D {
  const { labels, vectors } = condition ?? {};
  if (labels !== undefined) {
    checkLabels(who, labels, batch);
    return tf.oneHot(labels, classes, 1, 0, 'float32') as tf.Tensor2D;
  }
  if (vectors !== undefined) {
    checkVectors(who, vectors, batch, classes + others);
    return others === 0 ? vectors : tf.slice(vectors, [0, 0], [batch, classes]);
  }
  throw new GanKitError(
    'incompatible',
    `${who} needs to know the class of each sample and was told none; give the trainer a conditioning such as dataLabels(), or pass condition.labels.`,
  );
}

/** What a network reads the class of each sample from. */
export type ToldClass = Pick<ForwardOptions, 'training' | 'condition'>;

/**
 * {@link classWeights} for one network, which looks at the values of the first labels that it is trained with. To read them in every pass
 * would make a GPU wait; a conditioning that knows the number of classes checks every batch before it gets there.
 * @throws GanKitError as {@link classWeights}, and `invalid-data` for a label that is no class.
 */
export function classReader(who: string, classes: number) {
  let checked = false;
  return ({ training, condition }: ToldClass, batch: number, others = 0): tf.Tensor2D => {
    const labels = condition?.labels;
    if (training && !checked && labels !== undefined) {
      checkLabels(who, labels, batch);
      checkLabelValues(who, labels, classes);
      checked = true;
    }
    return classWeights(who, condition, classes, batch, others);
  };
}
