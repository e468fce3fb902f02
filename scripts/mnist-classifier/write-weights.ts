// Writes the classifier's weights where the metrics find them: half-precision numbers in the order of their shapes, as text of a module.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { writeFileAtomically } from '@gankit/core/node';
import { digitClassifierShapes } from '../../packages/metrics/src/extractors/digits/digit-classifier.ts';
import { toHalf } from '../../packages/metrics/src/extractors/half-precision.ts';

/** The module of the weights. */
export const weightsPath = fileURLToPath(
  new URL('../../packages/metrics/src/extractors/digits/digit-weights.ts', import.meta.url),
);

/** Another version for other weights: numbers of two versions are not compared. */
const version = '1';

/**
 * @param weights float32 values by name, every one of the classifier.
 * @param accuracy Share of the 10,000 test images that they classify right.
 * @param scale Root of the mean square of the features of the training images.
 */
export async function writeWeights(
  weights: Readonly<Record<string, Float32Array>>,
  { accuracy, scale }: { readonly accuracy: number; readonly scale: number },
): Promise<void> {
  const halves = Object.keys(digitClassifierShapes).map((name) => toHalf(weights[name]!));
  const bytes = Buffer.alloc(2 * halves.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const half of halves) for (const word of half) at = bytes.writeUInt16LE(word, at);
  const module = `// Made by scripts/mnist-classifier/train.ts from the 60,000 training images of MNIST (LeCun et al. 1998): 5 epochs with Adam, images
// moved by up to 2 pixels. Half-precision numbers, little-endian, in the order of digitClassifierShapes.
export const digitWeights = {
  version: '${version}',
  /** Share of MNIST's 10,000 test images that are classified right. */
  accuracy: ${accuracy},
  /** Root of the mean square of the features of the training images. */
  scale: ${scale},
  /** Of the bytes. */
  sha256: '${createHash('sha256').update(bytes).digest('hex')}',
  base64:
    '${bytes.toString('base64')}',
} as const;
`;
  await writeFileAtomically(weightsPath, module);
}
