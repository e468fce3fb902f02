// A picture of what a generator makes from the same latents each time: a grid of images, or points over the real ones.
import { labelTensor } from '@gankit/conditional';
import { toldPlayers } from '@gankit/conditional/registry';
import {
  type Condition,
  conditionTensors,
  type DataSource,
  disposeBatch,
  drawLatent,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import type { PointDistribution } from '@gankit/data';
import type { GeneratorSpecification } from '@gankit/models';
import { generatedColour, imageGrid, type Picture, realColour, scatterPlot } from '@gankit/pictures';
import * as tf from '@tensorflow/tfjs';

const imageCount = 64;
const pointCount = 2500;
/** Images of each class in the grid of a conditional generator. */
const imagesPerClass = 10;
/** A grid with more rows than this is not read any more: it shows the classes in turn instead. */
const mostRows = 32;

/** `count` classes in turn: 0, 1, 2, ... */
export function classesInTurn(count: number, classes: number, from = 0): number[] {
  return Array.from({ length: count }, (_, index) => (from + index) % classes);
}

/** A picture that is drawn again and again from the same latents. */
export interface SamplePicture {
  /** What the generator makes as it is now. */
  draw(): Promise<Picture>;
  dispose(): void;
}

/** What a picture of samples is made with. */
export interface SamplePictureOptions {
  /** The data; points of it are drawn under the generated ones. */
  readonly source: DataSource;
  /** What the generator is told. */
  readonly specification: GeneratorSpecification;
  /** Samples in the picture; its own choice when absent. */
  readonly count?: number | undefined;
}

/** Whether samples of data can be shown: images of up to four channels, points of the plane that a formula draws. */
export function canBeShown(source: Pick<DataSource, 'kind' | 'shape'>): boolean {
  const { kind, shape } = source;
  if (kind === 'images') return shape.length === 3 && shape[2]! <= 4;
  return kind === 'points' && shape.length === 1 && shape[0] === 2 && 'draw' in source;
}

/** What a picture always shows: latents and what is told with each. */
interface Plan {
  readonly latent: tf.Tensor;
  readonly condition: Condition;
  readonly columns: number | undefined;
}

/** With few classes a row for each, the same latents in every row. */
function planOf(generator: Generator, random: RandomStream, isImage: boolean, options: SamplePictureOptions) {
  const classes = generator.needs?.includes('class') ? options.specification.classes : undefined;
  const count = options.count ?? (isImage ? imageCount : pointCount);
  if (classes === undefined) return { latent: drawLatent(generator, count, random), labels: undefined };
  if (!isImage || classes > mostRows) {
    return { latent: drawLatent(generator, count, random), labels: classesInTurn(count, classes) };
  }
  const columns = options.count === undefined ? imagesPerClass : Math.max(1, Math.round(options.count / classes));
  const latent = tf.tidy(() => {
    const row = drawLatent(generator, columns, random);
    return tf.concat(Array.from({ length: classes }, () => row));
  });
  const labels = Array.from({ length: classes * columns }, (_, index) => Math.floor(index / columns));
  return { latent, labels, columns };
}

/** What else a generator is told, as the game tells it: codes, or images of the data. */
async function toldWith(
  generator: Generator,
  count: number,
  random: RandomStream,
  { source, specification }: SamplePictureOptions,
): Promise<Condition> {
  if (!generator.needs?.some((need) => need === 'vectors' || need === 'images')) return {};
  const batches = source.batches({ batchSize: Math.min(count, source.size ?? count), random: random.fork('told') });
  const { value: batch } = await batches.next();
  await batches.return?.();
  if (batch === undefined) return {};
  try {
    const told: Record<string, tf.Tensor> = {};
    for (const { conditioning } of toldPlayers(specification)) {
      const { real, fake = real } = conditioning.condition(batch, random.fork(conditioning.name));
      for (const [kind, tensor] of Object.entries(conditionTensors(fake))) {
        // Sets that are smaller than the picture are shown again.
        if (kind !== 'labels') told[kind] = repeated(tensor, count);
        if (!Object.values(batch).includes(tensor)) tensor.dispose();
      }
    }
    return told;
  } finally {
    disposeBatch(batch);
  }
}

function repeated(tensor: tf.Tensor, count: number): tf.Tensor {
  const rows = Array.from({ length: count }, (_, row) => row % tensor.shape[0]!);
  return tf.tidy(() => tf.gather(tensor, tf.tensor1d(rows, 'int32')));
}

/**
 * A picture of what a generator makes; see {@link canBeShown}.
 * @param generator As it is when it is asked: an average may take its place.
 * @param random Decides the latents; they come from a fork of it.
 */
export function samplePicture(
  generator: () => Generator,
  random: RandomStream,
  options: SamplePictureOptions,
): SamplePicture {
  const { source, specification } = options;
  const isImage = source.kind === 'images';
  const { latent, labels, columns } = planOf(generator(), random.fork('latent'), isImage, options);
  tf.keep(latent);
  const realPoints = isImage
    ? new Float32Array(0)
    : (source as PointDistribution).draw(pointCount, random.fork('real'));
  let plan: Plan | undefined;
  async function planned(): Promise<Plan> {
    if (plan !== undefined) return plan;
    const told = await toldWith(generator(), latent.shape[0]!, random.fork('conditions'), options);
    const classes = labels && { labels: labelTensor(labels, specification.classes!) };
    plan = { latent, condition: { ...told, ...classes }, columns };
    for (const tensor of Object.values(conditionTensors(plan.condition))) tf.keep(tensor);
    return plan;
  }
  return {
    async draw() {
      const { condition } = await planned();
      const current = generator();
      const samples = tf.tidy(() => current.generate(latent, { training: false, condition }));
      const values = (await samples.data()) as Float32Array;
      samples.dispose();
      if (isImage) return imageGrid(values, [latent.shape[0]!, ...current.outputShape], { columns });
      return scatterPlot([
        { points: realPoints, color: realColour },
        { points: values, color: generatedColour },
      ]);
    },
    dispose() {
      latent.dispose();
      tf.dispose(Object.values(conditionTensors(plan?.condition)));
    },
  };
}
