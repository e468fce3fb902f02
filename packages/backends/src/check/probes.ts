// The operations that GANs are trained with, each as a small function with known values. Each is checked forwards and backwards.
import * as tf from '@tensorflow/tfjs';
import type { recorded } from './recorded.ts';

/** One operation: shapes of its inputs, and the function itself. */
export interface Probe {
  readonly shapes: readonly (readonly number[])[];
  run(...inputs: tf.Tensor[]): tf.Tensor;
}

const image = [2, 8, 8, 3];
const matrix = [4, 6];

function unary(run: (x: tf.Tensor) => tf.Tensor): Probe {
  return { shapes: [matrix], run: (x) => run(x!) };
}

const as4d = (x: tf.Tensor | undefined) => x as tf.Tensor4D;

/** Named as TensorFlow.js names the operation. The same names key the recorded values. */
export const probes: Readonly<Record<keyof typeof recorded.operations, Probe>> = {
  matMul: { shapes: [matrix, [6, 5]], run: (a, b) => tf.matMul(a!, b!) },
  conv2d: { shapes: [image, [3, 3, 3, 4]], run: (x, w) => tf.conv2d(as4d(x), as4d(w), 1, 'same') },
  'conv2d, stride 2': { shapes: [image, [4, 4, 3, 4]], run: (x, w) => tf.conv2d(as4d(x), as4d(w), 2, 'same') },
  'conv2dTranspose, stride 2': {
    shapes: [
      [2, 4, 4, 3],
      [4, 4, 4, 3],
    ],
    run: (x, w) => tf.conv2dTranspose(as4d(x), as4d(w), [2, 8, 8, 4], 2, 'same'),
  },
  depthwiseConv2d: { shapes: [image, [3, 3, 3, 1]], run: (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), 1, 'same') },
  maxPool: { shapes: [image], run: (x) => tf.maxPool(as4d(x), 2, 2, 'valid') },
  avgPool: { shapes: [image], run: (x) => tf.avgPool(as4d(x), 2, 2, 'valid') },
  resizeNearestNeighbor: {
    shapes: [[2, 4, 4, 3]],
    run: (x) => tf.image.resizeNearestNeighbor(as4d(x), [8, 8]),
  },
  resizeBilinear: { shapes: [[2, 4, 4, 3]], run: (x) => tf.image.resizeBilinear(as4d(x), [7, 7], true) },
  'batch normalisation': {
    shapes: [image, [3], [3]],
    run: (x, scale, offset) => {
      const { mean, variance } = tf.moments(x!, [0, 1, 2]);
      return tf
        .sub(x!, mean)
        .mul(tf.rsqrt(tf.add(variance, 1e-3)))
        .mul(scale!)
        .add(offset!);
    },
  },
  relu: unary((x) => tf.relu(x)),
  leakyRelu: unary((x) => tf.leakyRelu(x, 0.2)),
  elu: unary((x) => tf.elu(x)),
  tanh: unary((x) => tf.tanh(x)),
  sigmoid: unary((x) => tf.sigmoid(x)),
  softplus: unary((x) => tf.softplus(x)),
  softmax: unary((x) => tf.softmax(x)),
  logSoftmax: unary((x) => tf.logSoftmax(x)),
  exp: unary((x) => tf.exp(x)),
  'log and sqrt': unary((x) => tf.log(tf.add(tf.sqrt(tf.add(tf.square(x), 0.5)), 1))),
  clipByValue: unary((x) => tf.clipByValue(x, -0.5, 0.5)),
  maximum: { shapes: [matrix, matrix], run: (a, b) => tf.maximum(a!, b!) },
  'concat, slice and pad': {
    shapes: [matrix, matrix],
    run: (a, b) =>
      tf.pad(tf.slice(tf.concat([a!, b!], 1), [1, 2], [2, 7]), [
        [1, 0],
        [0, 2],
      ]),
  },
  'transpose and reshape': { shapes: [[2, 3, 4]], run: (x) => tf.reshape(tf.transpose(x!, [2, 0, 1]), [4, 6]) },
  gather: { shapes: [[5, 3]], run: (x) => tf.gather(x!, tf.tensor1d([3, 0, 3, 4], 'int32')) },
  'sum and mean': { shapes: [[3, 4, 5]], run: (x) => tf.add(tf.sum(x!, [0, 2]), tf.mean(x!, 1).sum(1).mean()) },
  // The output is a gradient already, so that its gradient takes second derivatives.
  'gradient of a gradient': {
    shapes: [image, [4, 4, 3, 4]],
    run: (x, w) => {
      const critic = (z: tf.Tensor) => tf.tanh(tf.leakyRelu(tf.conv2d(as4d(z), as4d(w), 2, 'same'), 0.2));
      return tf.grad((z: tf.Tensor) => tf.sum(critic(z)))(x!);
    },
  },
};
