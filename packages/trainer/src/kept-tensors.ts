import * as tf from '@tensorflow/tfjs';

/** Keeps a tensor beyond the tidies and tapes that it was made in. */
export type Keep = <T extends tf.Tensor>(tensor: T) => T;

/** What operations saved for a gradient that was never taken: TensorFlow.js keeps it, and forgets it, when the forward pass throws. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || state.activeTape === null || state.activeTape === undefined) return;
  for (const { saved } of state.activeTape) if (saved) tf.dispose(saved);
  state.activeTape = [];
}

/**
 * Runs work within a tidy that keeps tensors for its caller. When it throws, for example because a penalty does, all that it kept until then is
 * freed, so that whoever catches the error and goes on has lost nothing.
 */
export function keeping<T>(work: (keep: Keep) => T): T {
  const kept: tf.Tensor[] = [];
  const result: { value?: T } = {};
  try {
    tf.tidy(() => {
      result.value = work((tensor) => {
        kept.push(tf.keep(tensor));
        return tensor;
      });
    });
    return result.value!;
  } catch (error) {
    tf.dispose(kept);
    freeTape();
    throw error;
  }
}
