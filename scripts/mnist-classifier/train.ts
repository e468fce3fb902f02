// Trains the classifier on the 60,000 training images, rounds its weights to half precision, measures that on the 10,000 test images, and
// writes the weights where the metrics find them.
//   npx tsx scripts/mnist-classifier/train.ts
import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { loadMnist } from '@gankit/data/node';
import { adam, linearRate } from '@gankit/engine';
import * as tf from '@tensorflow/tfjs';
import { fromHalf, toHalf } from '../../packages/metrics/src/extractors/half-precision.ts';
import { digitClassifier } from './network.ts';
import { testAccuracy } from './test-accuracy.ts';
import { weightsPath, writeWeights } from './write-weights.ts';

const epochs = 5;
const batchSize = 64;
/** Pixels by which images are moved at random, so that the classifier does not go by the place of a stroke. */
const shift = 2;

const { backend } = await selectBackend();
const random = new RandomStream('mnist-classifier');
const classifier = digitClassifier(random.fork('weights'));
const source = await loadMnist();
const batches = source.batches({ batchSize, random: random.fork('data') });
const shifts = random.fork('shifts');
const steps = Math.floor((epochs * source.size!) / batchSize);
const optimizer = adam({ learningRate: linearRate({ from: 1e-3, iterations: steps }) });
const named = classifier.variables;
const trainable = named.map(({ variable }) => variable);

/** The images moved by up to `shift` pixels; black comes in from the side. */
function shifted(images: tf.Tensor4D): tf.Tensor4D {
  const [top, left] = [shifts.integer(2 * shift + 1), shifts.integer(2 * shift + 1)];
  const sides: [number, number][] = [
    [0, 0],
    [shift, shift],
    [shift, shift],
    [0, 0],
  ];
  const padded = tf.pad(images, sides, -1);
  return tf.slice4d(padded, [0, top, left, 0], images.shape);
}

for (let step = 1; step <= steps; step++) {
  const { data, labels } = (await batches.next()).value!;
  tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      const logits = classifier.classify(shifted(data as tf.Tensor4D));
      return tf.losses.softmaxCrossEntropy(tf.oneHot(labels!, 10), logits) as tf.Scalar;
    }, trainable);
    optimizer.applyGradients(named.map(({ name, variable }) => ({ name, variable, gradient: grads[variable.name]! })));
  });
  tf.dispose([data, labels!]);
  if (step % 200 === 0) {
    console.log(`step ${step} of ${steps}, backend ${backend}`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
const weights: Record<string, Float32Array> = {};
for (const { name, variable } of named) {
  weights[name] = fromHalf(toHalf((await variable.data()) as Float32Array));
  variable.assign(tf.tensor(weights[name], variable.shape));
}
const accuracy = await testAccuracy(classifier);
let square = 0;
for await (const { data, labels } of source.batches({ batchSize: 500, epochs: 1 })) {
  const mean = tf.tidy(() => classifier.features(data).square().mean());
  square += ((await mean.data())[0]! * 500) / source.size!;
  tf.dispose([data, labels!, mean]);
}
await writeWeights(weights, { accuracy, scale: Math.sqrt(square) });
console.log(`Accuracy on the 10,000 test images: ${(100 * accuracy).toFixed(2)} %. Weights: ${weightsPath}`);
