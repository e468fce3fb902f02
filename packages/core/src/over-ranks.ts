// Sums and batches over all processes, as operations on the tape.
//
// Each process differentiates a loss of its own, and the game's is their mean. An operation that joins values of all processes is linear,
// and its gradient joins the gradients of all processes in the transposed way, to any order: the mean over the processes is its own.
import * as tf from '@tensorflow/tfjs';
import { type BatchShare, type Communicator, isSpread } from './communicator.ts';
import { GanKitError } from './error.ts';
import type { ParameterGradient } from './optimizer.ts';

/** A copy of a tensor's numbers, to be changed in place. It waits for the backend: processes talk about numbers. */
function numbersOf(tensor: tf.Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

function divideBy(values: Float32Array, divisor: number): void {
  for (let index = 0; index < values.length; index++) values[index]! /= divisor;
}

/**
 * The mean of a float32 tensor over all processes; the tensor itself where there is one process. Its gradient is the mean of the
 * gradients, to any order. Means of samples become those of the whole batch. It runs inside a `tf.tidy`.
 */
export function meanOverRanks<T extends tf.Tensor>(tensor: T, communicator: Communicator | undefined): T {
  if (!isSpread(communicator)) return tensor;
  const mean = (x: tf.Tensor): tf.Tensor => {
    const operation = tf.customGrad((y) => {
      const values = numbersOf(y as tf.Tensor);
      communicator.allReduce(values);
      divideBy(values, communicator.size);
      return { value: tf.tensor(values, (y as tf.Tensor).shape, 'float32'), gradFunc: mean };
    });
    return operation(x);
  };
  return mean(tensor) as T;
}

/** The rows of all processes in the shape [all rows, ...]. */
function allRows(tensor: tf.Tensor, communicator: Communicator): tf.Tensor {
  const [rows = 1, ...rest] = tensor.shape;
  const values = communicator.allGather(numbersOf(tensor));
  const shape = [rows * communicator.size, ...rest];
  return tensor.dtype === 'float32'
    ? tf.tensor(values, shape, 'float32')
    : tf.tensor(Int32Array.from(values), shape, 'int32');
}

/**
 * The whole batch: the rows [batch / n, ...] of all processes, rank after rank; the tensor itself where there is one process. The gradient
 * of a row is the sum of what all processes say of it, to any order. Whole numbers (int32) have no gradient and must lie within +-2^24.
 * It runs inside a `tf.tidy`.
 * @returns [batch, ...], the same numbers on every process.
 */
export function gatherRows<T extends tf.Tensor>(tensor: T, communicator: Communicator | undefined): T {
  if (!isSpread(communicator)) return tensor;
  if (tensor.dtype !== 'float32') return allRows(tensor, communicator) as T;
  const gather = (x: tf.Tensor): tf.Tensor =>
    tf.customGrad((y) => ({ value: allRows(y as tf.Tensor, communicator), gradFunc: scatter }))(x);
  /** The transposed operation: the sum over all processes, of which each keeps its rows. */
  const scatter = (x: tf.Tensor): tf.Tensor =>
    tf.customGrad((y) => {
      const whole = y as tf.Tensor;
      const values = numbersOf(whole);
      communicator.allReduce(values);
      const own = values.length / communicator.size;
      const start = own * communicator.rank;
      const [rows = 1, ...rest] = whole.shape;
      const value = tf.tensor(values.slice(start, start + own), [rows / communicator.size, ...rest], 'float32');
      return { value, gradFunc: gather };
    })(x);
  return gather(tensor) as T;
}

/**
 * This process's rows of a whole batch [batch, ...]; the tensor itself where there is one process. It runs inside a `tf.tidy`.
 * @throws GanKitError `invalid-argument` when the processes cannot have equally many.
 */
export function ownRows<T extends tf.Tensor>(tensor: T, share: BatchShare | undefined): T {
  if (!isSpread(share)) return tensor;
  const rows = rowsOfShare(tensor.shape[0] ?? 1, share);
  return tf.slice(tensor, rows * share.rank, rows) as T;
}

/**
 * How many rows of a batch each process has.
 * @throws GanKitError `invalid-argument` when they cannot have equally many.
 */
export function rowsOfShare(batch: number, { size }: BatchShare): number {
  if (batch % size === 0) return batch / size;
  const below = batch - (batch % size);
  const choices = below === 0 ? `${size}` : `${below} or ${below + size}`;
  throw new GanKitError(
    'invalid-argument',
    `A batch of ${batch} cannot be spread evenly over ${size} processes; choose a batch size that ${size} divides, such as ${choices}.`,
    { value: batch },
  );
}

/**
 * The mean of gradients over all processes, by one sum of all of them; they themselves where there is one process. It runs inside a
 * `tf.tidy`, and the gradients given stay with the caller.
 */
export function meanGradients<Gradient extends ParameterGradient>(
  gradients: readonly Gradient[],
  communicator: Communicator | undefined,
): Gradient[] {
  if (!isSpread(communicator)) return [...gradients];
  const flat = new Float32Array(gradients.reduce((count, { gradient }) => count + gradient.size, 0));
  let at = 0;
  for (const { gradient } of gradients) {
    flat.set(gradient.dataSync() as Float32Array, at);
    at += gradient.size;
  }
  communicator.allReduce(flat);
  divideBy(flat, communicator.size);
  at = 0;
  return gradients.map(({ gradient, ...of }) => {
    const values = flat.subarray(at, at + gradient.size);
    at += gradient.size;
    return { ...of, gradient: tf.tensor(values, gradient.shape, 'float32') } as unknown as Gradient;
  });
}
