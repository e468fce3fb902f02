// Resizing with a filter as wide as the pixels that are lost. A filter of fixed width, the default of most libraries, reads single pixels
// where a picture shrinks, and moves every metric (Parmar, Zhang and Zhu 2022, clean-fid).
import * as tf from '@tensorflow/tfjs';

/** Keys' cubic with a = -1/2, as in Pillow and in torch with `antialias`. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return 1.5 * x ** 3 - 2.5 * x ** 2 + 1;
  return x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0;
}

/** Pixels on each side that the filter reaches when nothing shrinks. */
const reach = 2;

/**
 * What each pixel after resizing takes of each before: [after, before], rows with the sum 1.
 * @param before Pixels in a row or column. @param after Pixels that they become.
 */
export function resizeWeights(before: number, after: number): Float32Array {
  const scale = before / after;
  const width = Math.max(scale, 1);
  const weights = new Float32Array(after * before);
  for (let to = 0; to < after; to++) {
    const centre = (to + 0.5) * scale;
    const first = Math.max(Math.floor(centre - reach * width + 0.5), 0);
    const last = Math.min(Math.floor(centre + reach * width + 0.5), before);
    const row = Array.from({ length: last - first }, (_, index) => cubic((first + index - centre + 0.5) / width));
    const sum = row.reduce((total, weight) => total + weight, 0);
    row.forEach((weight, index) => {
      weights[to * before + first + index] = weight / sum;
    });
  }
  return weights;
}

/** Multiplies the last axis by weights: [..., before] to [..., after]. */
function resizeLastAxis(x: tf.Tensor4D, after: number): tf.Tensor4D {
  const [a, b, c, before] = x.shape;
  if (before === after) return x;
  const weights = tf.tensor2d(resizeWeights(before, after), [after, before]);
  return tf.matMul(x.reshape([a * b * c, before]), weights.transpose()).reshape([a, b, c, after]);
}

/**
 * Resizes images by a cubic filter that grows with the shrinking. The filter overshoots at edges by a few hundredths.
 * @param images float32 [batch, height, width, channels]
 * @returns float32 [batch, newHeight, newWidth, channels], which the caller owns.
 */
export function resizeImages(images: tf.Tensor4D, newHeight: number, newWidth: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [, height, width] = images.shape;
    if (height === newHeight && width === newWidth) return images.clone();
    const wide = resizeLastAxis(tf.transpose(images, [0, 3, 1, 2]), newWidth);
    const high = resizeLastAxis(tf.transpose(wide, [0, 1, 3, 2]), newHeight);
    return tf.transpose(high, [0, 3, 2, 1]);
  });
}
