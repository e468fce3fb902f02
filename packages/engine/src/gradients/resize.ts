/**
 * Gradients of nearest and bilinear resizing. Resizing is linear and separable, so its adjoint is one matrix per axis. The
 * backends' backward kernels are used where they are right: they ignore `halfPixelCenters`, and for that case the matrices
 * are multiplied instead.
 */
import * as tf from '@tensorflow/tfjs';
import { type AxisWeights, bilinearWeights, nearestWeights, type Resize } from '../kernels/resize-weights.ts';
import type { Attributes, Gradient } from './gradient.ts';

/** The transposed matrix of resizing one axis: `[input, output]`. */
function transposedMatrix(weights: AxisWeights, input: number, output: number, resize: Resize): tf.Tensor2D {
  const values = new Float32Array(input * output);
  for (let o = 0; o < output; o++) {
    for (const [index, weight] of weights(o, input, output, resize)) values[index * output + o]! += weight;
  }
  return tf.tensor2d(values, [input, output]);
}

/** The adjoint of resizing `[batch, height, width, channels]` to the size of `dy`, by two matrix products. */
function adjoint(weights: AxisWeights, dy: tf.Tensor4D, height: number, width: number, resize: Resize): tf.Tensor {
  const [batch, outHeight, outWidth, channels] = dy.shape;
  const rows = tf.reshape(transposedMatrix(weights, height, outHeight, resize), [1, height, outHeight]);
  const columns = tf.reshape(transposedMatrix(weights, width, outWidth, resize), [1, width, outWidth]);
  const byRows = tf.matMul(rows, tf.reshape(dy, [batch, outHeight, outWidth * channels]));
  const byColumns = tf.matMul(columns, tf.reshape(byRows, [batch * height, outWidth, channels]));
  return tf.reshape(byColumns, [batch, height, width, channels]);
}

function resizing(forward: string, backward: string, weights: AxisWeights): Gradient[] {
  return [
    {
      kernelName: forward,
      inputsToSave: ['images'],
      gradFunc: (dy, [images], attributes) => ({
        images: () => {
          const resize = attributes as unknown as Resize;
          const [, height, width] = images!.shape as [number, number, number, number];
          if (resize.halfPixelCenters) return adjoint(weights, dy as tf.Tensor4D, height, width, resize);
          return tf.engine().runKernel(backward, { dy, images: images! }, attributes as unknown as tf.NamedAttrMap);
        },
      }),
    },
    {
      kernelName: backward,
      inputsToSave: ['dy', 'images'],
      gradFunc: (ddImages, [dy, images], attributes: Attributes) => ({
        dy: () => {
          const { alignCorners, halfPixelCenters } = attributes as unknown as Resize;
          const size = dy!.shape.slice(1, 3);
          return tf.engine().runKernel(forward, { images: ddImages }, { alignCorners, halfPixelCenters, size });
        },
        images: () => tf.zerosLike(images!),
      }),
    },
  ];
}

export const resizeGradients: readonly Gradient[] = [
  ...resizing('ResizeNearestNeighbor', 'ResizeNearestNeighborGrad', nearestWeights),
  ...resizing('ResizeBilinear', 'ResizeBilinearGrad', bilinearWeights),
];
