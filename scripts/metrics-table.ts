// What each metric sees and misses, as the table of docs/metrics.md: MNIST's test images, and what is made of them by known faults. Folders of
// runs on MNIST become rows as well.
//   npx tsx scripts/metrics-table.ts [RUN...]
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { selectBackend } from '@gankit/backends';
import { type Batch, type DataSource, disposeBatch, RandomStream } from '@gankit/core';
import { writeFileAtomically } from '@gankit/core/node';
import { loadMnist } from '@gankit/data/node';
import {
  arrayBatches,
  copying,
  dataBatches,
  digitFeatures,
  evaluate,
  extractFeatures,
  type FeatureSet,
  resizeImages,
  type SetMetricName,
} from '@gankit/metrics';
import { evaluateSamples } from '@gankit/recipes/node';
import * as tf from '@tensorflow/tfjs';

const samples = 5000;
const seed = 1;
const metrics: readonly SetMetricName[] = ['fid', 'kid', 'inception-score', 'prdc', 'modes'];
const columns: readonly (readonly [title: string, number: string, digits: number])[] = [
  ['FID', 'fid.distance', 2],
  ['KID', 'kid.distance', 3],
  ['Inception score', 'inception-score.score', 2],
  ['precision', 'prdc.precision', 2],
  ['recall', 'prdc.recall', 2],
  ['density', 'prdc.density', 2],
  ['coverage', 'prdc.coverage', 2],
  ['classes', 'modes.modesFound', 0],
  ['copying (C_T)', 'copying.score', 1],
];

interface Pictures {
  readonly values: Float32Array;
  readonly labels: Int32Array;
}

/** The first images of a data set in a random order. */
async function pictures(source: DataSource, name: string): Promise<Pictures> {
  const batches = source.batches({ batchSize: samples, random: new RandomStream(seed).fork(name) });
  const batch: Batch = (await batches.next()).value as Batch;
  const values = (await batch.data.data()) as Float32Array;
  const labels = (await batch.labels!.data()) as Int32Array;
  disposeBatch(batch);
  return { values, labels };
}

const size = 28 * 28;

/** As many images as there are, each one of those at the given places. */
function chosen({ values }: Pictures, place: (index: number) => number): Float32Array {
  const all = new Float32Array(samples * size);
  for (let index = 0; index < samples; index++) {
    const from = place(index) * size;
    all.set(values.subarray(from, from + size), index * size);
  }
  return all;
}

/** Each image shrunk to 7 x 7 and back. */
async function blurred({ values }: Pictures): Promise<Float32Array> {
  const result = tf.tidy(() => {
    const images = tf.tensor4d(values, [samples, 28, 28, 1]);
    return tf.clipByValue(resizeImages(resizeImages(images, 7, 7), 28, 28), -1, 1);
  });
  const found = (await result.data()) as Float32Array;
  result.dispose();
  return found;
}

const { backend } = await selectBackend();
console.log(`Backend ${backend}.`);
const extractor = await digitFeatures();
const [train, test] = [await loadMnist(), await loadMnist({ split: 'test' })];
const [real, other] = [await pictures(train, 'train'), await pictures(test, 'test')];
const noise = new RandomStream(seed).fork('noise');
const featuresOf = (name: string, values: Float32Array): Promise<FeatureSet> =>
  extractFeatures(extractor, arrayBatches(values, [28, 28, 1]), { name });

const reference = await featuresOf('mnist', real.values);
const heldOut = await extractFeatures(extractor, dataBatches(test, new RandomStream(seed).fork('held out')), {
  name: 'mnist test',
  samples,
});
const threes = Array.from(other.labels.keys()).filter((index) => other.labels[index] === 3);
const half = Array.from(other.labels.keys()).filter((index) => other.labels[index]! < 5);
const faults: readonly (readonly [string, () => Float32Array | Promise<Float32Array>])[] = [
  ['nothing: other real digits', () => other.values],
  ['collapsed to 50 pictures', () => chosen(other, (index) => index % 50)],
  ['collapsed to threes', () => chosen(other, (index) => threes[index % threes.length]!)],
  ['no digit above 4', () => chosen(other, (index) => half[index % half.length]!)],
  ['blurred', () => blurred(other)],
  ['noisy', () => other.values.map((value) => Math.min(Math.max(value + 0.5 * noise.normal(), -1), 1))],
  ['copies of the training images', () => chosen(real, (index) => (index * 7) % samples)],
];

const rows: (readonly [string, Readonly<Record<string, number>>])[] = [];
for (const [name, make] of faults) {
  const generated = await featuresOf(name, await make());
  const { numbers } = await evaluate(reference, generated, { metrics, seed });
  const { score } = copying({
    training: reference.features,
    heldOut: heldOut.features,
    generated: generated.features,
  });
  rows.push([name, { ...numbers, 'copying.score': score }]);
  console.log(name, numbers);
}
for (const run of process.argv.slice(2)) {
  const { numbers, generated } = await evaluateSamples({
    judged: run,
    against: { name: 'mnist' },
    metrics,
    samples,
    seed,
  });
  rows.push([generated.name, numbers]);
  console.log(generated.name, numbers);
}

const cell = (numbers: Readonly<Record<string, number>>, [, number, digits]: (typeof columns)[number]) =>
  numbers[number]?.toFixed(digits) ?? '';
const { name, version, checksum } = extractor.identity;
const table = [
  `| fault | ${columns.map(([title]) => title).join(' | ')} |`,
  `|---|${columns.map(() => '---').join('|')}|`,
  ...rows.map(([title, numbers]) => `| ${title} | ${columns.map((column) => cell(numbers, column)).join(' | ')} |`),
  '',
  `${samples.toLocaleString('en')} training images of MNIST against ${samples.toLocaleString('en')} samples, extractor ${name} ${version} (\`${checksum.slice(0, 12)}\`), seed ${seed}, 5 neighbours. Made by \`npx tsx scripts/metrics-table.ts\`.`,
].join('\n');
const page = fileURLToPath(new URL('../docs/metrics.md', import.meta.url));
const [begin, end] = ['<!-- table -->', '<!-- end of table -->'];
const text = await readFile(page, 'utf8');
const [before, rest] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
await writeFileAtomically(page, `${before}\n${table}\n${rest}`);
extractor.dispose();
process.exit(0);
