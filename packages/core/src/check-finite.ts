// Finds who brought NaN or Inf into a step. It reads tensors back, so it is for after a loss went wrong, not for every step.
import type * as tf from '@tensorflow/tfjs';
import { GanKitError } from './error.ts';

/**
 * Checks that named tensors hold finite numbers only.
 *
 * @param tensors In the order of cause and effect (samples, logits, loss, each penalty, gradients): the first one that is
 *   not finite is the culprit. Entries that are `undefined` are passed over. The tensors stay with the caller.
 * @throws GanKitError `numerical` that names the culprit and counts its bad values.
 */
export async function checkFinite(tensors: Readonly<Record<string, tf.Tensor | undefined>>): Promise<void> {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor === undefined || tensor.dtype !== 'float32') continue;
    const values = await tensor.data();
    let nan = 0;
    let infinite = 0;
    for (const value of values) {
      if (Number.isNaN(value)) nan++;
      else if (!Number.isFinite(value)) infinite++;
    }
    if (nan + infinite === 0) continue;
    const found = [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} infinite` : '']
      .filter(Boolean)
      .join(' and ');
    throw new GanKitError(
      'numerical',
      `The ${name} held ${found} of ${values.length} values, and nothing before it did; lower the learning rate, or look at how it is computed.`,
      { value: name },
    );
  }
}
