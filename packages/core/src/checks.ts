// Checks whose failures name the culprit. Each throws a GanKitError and returns nothing.
import type * as tf from '@tensorflow/tfjs';
import { GanKitError } from './error.ts';

/** `[2, 3]`, the way shapes are written in every message. */
export function formatShape(shape: readonly (number | string | null)[]): string {
  return `[${shape.map(String).join(', ')}]`;
}

/**
 * Checks that `value` is a whole number of at least `minimum`.
 * @param what The option's name, for the sentence.
 */
export function checkInteger(what: string, value: number, minimum = 1): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new GanKitError('invalid-argument', `${what} must be a whole number of at least ${minimum}, not ${value}.`, {
      value,
    });
  }
}

/** Checks that `value` is a finite number from `minimum` to `maximum`. */
export function checkNumber(
  what: string,
  value: number,
  minimum = Number.NEGATIVE_INFINITY,
  maximum = Number.POSITIVE_INFINITY,
): void {
  if (Number.isFinite(value) && value >= minimum && value <= maximum) return;
  const low = minimum !== Number.NEGATIVE_INFINITY;
  const high = maximum !== Number.POSITIVE_INFINITY;
  const range =
    low && high
      ? `a number from ${minimum} to ${maximum}`
      : `a finite number${low ? ` of at least ${minimum}` : ''}${high ? ` of at most ${maximum}` : ''}`;
  throw new GanKitError('invalid-argument', `${what} must be ${range}, not ${value}.`, { value });
}

/** Checks that a tensor is float32 with shape [any batch of at least 1, ...shape]. */
export function checkBatch(what: string, tensor: tf.Tensor, shape: readonly number[]): void {
  const [batch, ...rest] = tensor.shape;
  if (tensor.dtype === 'float32' && batch !== undefined && batch > 0 && rest.join() === shape.join()) return;
  throw new GanKitError(
    'invalid-shape',
    `${what} must be float32 of shape ${formatShape(['batch', ...shape])}, not ${tensor.dtype} of shape ${formatShape(tensor.shape)}.`,
    { value: tensor.shape },
  );
}

/** Checks that two shapes are the same. */
export function checkSameShape(
  what: string,
  shape: readonly number[],
  otherWhat: string,
  otherShape: readonly number[],
): void {
  if (shape.join() === otherShape.join()) return;
  throw new GanKitError(
    'incompatible',
    `${what} has shape ${formatShape(shape)} but ${otherWhat} has ${formatShape(otherShape)}; they must be the same.`,
  );
}
