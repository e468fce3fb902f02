// Whether a conditional MNIST generator makes the digits that it is asked for, by the word of a classifier that never met it:
//   npx tsx scripts/conditional-accuracy.ts runs/digits
import { join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { classAccuracy } from '@gankit/conditional';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { RandomStream } from '@gankit/core';
import { digitFeatures } from '@gankit/metrics';
import { loadGenerator } from '@gankit/models/node';
import * as tf from '@tensorflow/tfjs';

const [run] = process.argv.slice(2);
if (run === undefined) {
  console.error('usage: npx tsx scripts/conditional-accuracy.ts <run>');
  process.exit(2);
}
const { backend } = await selectBackend();
const extractor = await digitFeatures();
const { generator, document } = await loadGenerator(join(run, 'generator'), buildConditionalGenerator);
const { accuracy, standardError, perClass, confusion, samples } = await classAccuracy({
  generator,
  classify: (images) => tf.tidy(() => extractor.extract(images).probabilities!),
  classes: document.specification.classes ?? 10,
  random: new RandomStream('conditional-accuracy'),
  perClass: 200,
});
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(`Classifier: ${percent(extractor.accuracy)} of the 10,000 test images (backend ${backend}).`);
console.log(
  `Generator of step ${document.step}: ${percent(accuracy)} of ${samples} samples classified as asked, standard error ${percent(standardError)}.`,
);
for (const [label, share] of perClass.entries()) {
  console.log(`  ${label}: ${percent(share)}   ${confusion[label]!.join(' ')}`);
}
