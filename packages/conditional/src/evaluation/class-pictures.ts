// Pictures of what a conditional generator has learned: as numbers that a grid of images is drawn from.
import { checkInteger, checkOptions, drawLatent, type Generator, type RandomStream } from '@gankit/core';
import { morph } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, labelTensor } from '../labels.ts';

/** Samples in rows and columns: `imageGrid(values, shape, { columns })` of `@gankit/pictures` makes a picture of images. */
export interface ClassPictures {
  /** The samples one after another, row by row. */
  readonly values: Float32Array;
  /** [rows x columns, ...outputShape]. */
  readonly shape: readonly number[];
  readonly columns: number;
}

/** What both kinds of pictures are drawn with. */
export interface ClassPicturesOptions {
  readonly generator: Generator;
  /** Number of classes. */
  readonly classes: number;
  /** Where the latents come from: it is moved on. */
  readonly random: RandomStream;
  /** Bounds the latents; see `drawLatent` of `@gankit/core`. No bound when absent. */
  readonly truncation?: number | undefined;
}

/** The names of these options, for each kind's own list. */
const pictureNames = {
  generator: 'required',
  classes: 'required',
  random: 'required',
  truncation: 'optional',
} as const;

function latentsOf({ generator, random, truncation }: ClassPicturesOptions, count: number): tf.Tensor {
  return drawLatent(generator, count, random, { truncation });
}

/** Reads rows of samples and puts them one after another; `make` runs inside a tidy, once for each row. */
async function readRows(rows: number, columns: number, make: (row: number) => tf.Tensor): Promise<ClassPictures> {
  const parts: Float32Array[] = [];
  let sampleShape: readonly number[] = [];
  for (let row = 0; row < rows; row++) {
    const samples = tf.tidy(() => make(row));
    sampleShape = samples.shape.slice(1);
    parts.push((await samples.data()) as Float32Array);
    samples.dispose();
  }
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.forEach((part, row) => {
    values.set(part, row * part.length);
  });
  return { values, shape: [rows * columns, ...sampleShape], columns };
}

/** Options of {@link classGrid}. */
export interface ClassGridOptions extends ClassPicturesOptions {
  /** Latents; 8 by default. */
  readonly columns?: number | undefined;
  /** The classes of the rows; all in order by default. */
  readonly labels?: readonly number[] | undefined;
}

/**
 * A grid of samples: a row for each class, a column for each latent. What a column has in common is what the latent means. Moves
 * `random` on.
 * @throws GanKitError `invalid-argument` for a label that is no class, or fewer than 1 column.
 */
export async function classGrid(options: ClassGridOptions): Promise<ClassPictures> {
  checkOptions('classGrid', options, { ...pictureNames, columns: 'optional', labels: 'optional' });
  const { generator, classes, columns = 8 } = options;
  checkClasses(classes);
  checkInteger('columns', columns);
  const { labels = Array.from({ length: classes }, (_, label) => label) } = options;
  checkInteger('the number of labels', labels.length);
  labelTensor(labels, classes).dispose();
  const latent = latentsOf(options, columns);
  try {
    return await readRows(labels.length, columns, (row) => {
      const condition = { labels: labelTensor(new Array<number>(columns).fill(labels[row]!), classes) };
      return generator.generate(latent, { training: false, condition });
    });
  } finally {
    latent.dispose();
  }
}

/** Options of {@link classMorph}. */
export interface ClassMorphOptions extends ClassPicturesOptions {
  /** The class of the first column. */
  readonly from: number;
  /** The class of the last column. */
  readonly to: number;
  /** Samples on the way, both ends included, at least 2; 8 by default. */
  readonly steps?: number | undefined;
  /** Latents, a row for each; 1 by default. */
  readonly rows?: number | undefined;
}

/**
 * From one class to another with the same latent in a row: the class weights go from the one to the other in a straight line, and the
 * generator's embedding, scale and offset with them. The generator must take class weights as `condition.vectors`, as those of this
 * package do. Moves `random` on.
 * @throws GanKitError `invalid-argument` for a label that is no class, fewer than 2 steps or 1 row.
 */
export async function classMorph(options: ClassMorphOptions): Promise<ClassPictures> {
  checkOptions('classMorph', options, {
    ...pictureNames,
    from: 'required',
    to: 'required',
    steps: 'optional',
    rows: 'optional',
  });
  const { generator, classes, from, to, steps = 8, rows = 1 } = options;
  checkInteger('steps', steps, 2);
  checkInteger('rows', rows);
  labelTensor([from, to], classes).dispose();
  const latents = latentsOf(options, rows);
  try {
    return await readRows(rows, steps, (row) => {
      const latent = tf.squeeze(tf.slice(latents, row, 1), [0]);
      const end = (label: number) => ({
        latent,
        vector: tf.oneHot(label, classes, 1, 0, 'float32') as tf.Tensor1D,
      });
      const { latent: same, condition } = morph(end(from), end(to), { steps, method: 'linear' });
      return generator.generate(same, { training: false, condition });
    });
  } finally {
    latents.dispose();
  }
}
