// What a part saves so that a run can be resumed to the same bytes.
import * as tf from '@tensorflow/tfjs';
import { formatShape } from './checks.ts';
import { GanKitError } from './error.ts';

/** A tensor on its way to or from a file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Whatever JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The state of one part: named tensors (they go to safetensors) and plain values (they go to JSON).
 * Names are stable between processes: they never contain a counter of TensorFlow.js.
 */
export interface State {
  readonly tensors?: Readonly<Record<string, StoredTensor>> | undefined;
  readonly values?: Readonly<Record<string, Json>> | undefined;
}

/** A part with state that a checkpoint must hold. `loadState(await saveState())` changes nothing. */
export interface Stateful {
  /**
   * The state of the very moment in which it is called, also when the part goes on being used while the backend is still being
   * read: whatever changes must be taken hold of before the first `await`, as {@link storeTensors} does.
   */
  saveState(): Promise<State>;
  /**
   * Puts a saved state back, bit for bit.
   * @throws GanKitError `incompatible` when names or shapes are not those of this part.
   */
  loadState(state: State): void;
}

/** Whether a part has state that a checkpoint must hold. */
export function isStateful(part: unknown): part is Stateful {
  const candidate = part as Partial<Stateful> | null | undefined;
  return typeof candidate?.saveState === 'function' && typeof candidate.loadState === 'function';
}

/**
 * Reads a tensor's values into memory of their own. The tensor stays with its owner.
 * @throws GanKitError `invalid-argument` for text and complex numbers.
 */
export async function storeTensor(tensor: tf.Tensor): Promise<StoredTensor> {
  const dtype = tensor.dtype;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new GanKitError('invalid-argument', `A ${dtype} tensor cannot be stored; store float32, int32 or bool.`);
  }
  // A second reference to the values as they are now: an assignment to a variable leaves them alone.
  const now = tf.keep(tf.clone(tensor));
  try {
    // Some backends hand out the very memory that the tensor lives in.
    return { shape: now.shape.slice(), dtype, data: (await now.data()).slice() };
  } finally {
    now.dispose();
  }
}

/** Reads several tensors as they are at this moment; see {@link storeTensor}. */
export async function storeTensors(
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, StoredTensor>> {
  const reads = Object.entries(tensors).map(async ([name, tensor]) => [name, await storeTensor(tensor)] as const);
  return Object.fromEntries(await Promise.all(reads));
}

/** Makes a tensor of stored bytes; the caller owns it. */
export function restoreTensor(stored: StoredTensor): tf.Tensor {
  return tf.tensor(stored.data.slice(), stored.shape.slice(), stored.dtype);
}

/**
 * Assigns stored bytes to a variable.
 * @param name What the variable is called in the state, for the error's sentence.
 * @throws GanKitError `incompatible` when the state lacks it, or its shape or type differs.
 */
export function restoreVariable(variable: tf.Variable, stored: StoredTensor | undefined, name: string): void {
  if (stored === undefined) {
    throw new GanKitError('incompatible', `The saved state has no '${name}'; it belongs to another part.`);
  }
  if (stored.shape.join() !== variable.shape.join()) {
    throw new GanKitError(
      'incompatible',
      `The saved '${name}' has shape ${formatShape(stored.shape)}, this part needs ${formatShape(variable.shape)}; it belongs to another architecture.`,
    );
  }
  if (stored.dtype !== variable.dtype) {
    throw new GanKitError(
      'incompatible',
      `The saved '${name}' is ${stored.dtype}, this part needs ${variable.dtype}; it belongs to another part.`,
    );
  }
  const tensor = restoreTensor(stored);
  variable.assign(tensor);
  tensor.dispose();
}
