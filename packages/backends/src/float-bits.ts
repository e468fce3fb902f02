// The precision of the backend in use.
import * as tf from '@tensorflow/tfjs';

/** Bits of its floats: 32, or 16 where training ends in NaN. */
export function floatBits(): number {
  // webgl's own floatPrecision() says 16 of exactly those devices that render 32-bit floats.
  if (tf.getBackend() === 'webgl') return tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 32 : 16;
  return tf.backend().floatPrecision();
}
