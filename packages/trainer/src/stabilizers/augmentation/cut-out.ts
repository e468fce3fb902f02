import * as tf from '@tensorflow/tfjs';

/** A rectangle of pixels: from `top` and `left` up to, not including, `bottom` and `right`. It may reach outside. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A rectangle without pixels. */
export const nowhere: Rectangle = { top: 0, left: 0, bottom: 0, right: 0 };

/** Sets one rectangle of each image [batch, height, width, channels] to 0. The caller owns the result. */
export function cutOut(images: tf.Tensor4D, rectangles: readonly Rectangle[]): tf.Tensor4D {
  const [batch, height, width] = images.shape;
  const mask = new Float32Array(batch * height * width).fill(1);
  rectangles.forEach(({ top, left, bottom, right }, image) => {
    for (let row = Math.max(0, top); row < Math.min(height, bottom); row++) {
      const start = (image * height + row) * width;
      mask.fill(0, start + Math.max(0, left), start + Math.max(0, Math.min(width, right)));
    }
  });
  return tf.tidy(() => tf.mul(images, tf.tensor4d(mask, [batch, height, width, 1])));
}
