// Our own classifier of MNIST digits as an extractor: small enough to come along, and it knows what a digit is.
import * as tf from '@tensorflow/tfjs';
import type { FeatureExtractor } from '../feature-extractor.ts';
import { fromHalf } from '../half-precision.ts';
import { modelFeatures } from '../model-features.ts';
import { classifyDigits, type DigitClassifierWeights, digitClassifierShapes } from './digit-classifier.ts';

/** The weights by name, from the bytes that the training script wrote. The caller owns them. */
function weightsFrom(base64: string): DigitClassifierWeights {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const values = fromHalf(
    Uint16Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(2 * index, true)),
  );
  let at = 0;
  return Object.fromEntries(
    Object.entries(digitClassifierShapes).map(([name, shape]) => {
      const size = tf.util.sizeFromShape([...shape]);
      at += size;
      return [name, tf.tensor(values.subarray(at - size, at), [...shape])];
    }),
  ) as unknown as DigitClassifierWeights;
}

/**
 * The last hidden layer of a classifier of MNIST digits: 64 features with a mean square of 1 on MNIST, and the probability of each digit. Its weights come along and
 * are read when it is called.
 *
 * For MNIST and what looks like it. Of other pictures it knows nothing: distances between them would be numbers without meaning.
 * @returns An extractor that the caller disposes. It also knows its `accuracy`: the share of MNIST's 10,000 test images that it knows.
 */
export async function digitFeatures(): Promise<FeatureExtractor & { readonly accuracy: number }> {
  const { digitWeights } = await import('./digit-weights.ts');
  const weights = weightsFrom(digitWeights.base64);
  const extractor = modelFeatures({
    name: 'mnist-digits',
    version: digitWeights.version,
    checksum: digitWeights.sha256,
    input: { height: 28, width: 28, channels: 1 },
    dimensions: digitClassifierShapes['dense-0/bias'][0],
    classNames: Array.from({ length: 10 }, (_, digit) => String(digit)),
    run(images) {
      const { features, logits } = classifyDigits(weights, images);
      return { features: tf.div(features, digitWeights.scale), probabilities: tf.softmax(logits) };
    },
    dispose: () => tf.dispose(Object.values(weights)),
  });
  return { ...extractor, accuracy: digitWeights.accuracy };
}
