// A tiny game, twice: as TensorFlow.js networks, and as plain float64 numbers for the contract test's references.
// D(x) = softplus(x W + b) V + c; G(z) = softplus(z P) Q. Every derivative is written down by hand.
import type { DiscriminatorOutput, NamedVariable } from '@gankit/core';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

export type Rows = readonly (readonly number[])[];

const hidden = 3;
export const latentSize = 5;

/** What one test's networks look like. */
export interface GameShape {
  readonly batch: number;
  readonly sampleShape: readonly number[];
  /** Logits without the batch axis: `[]`, `[1]` or `[2, 2, 1]`. */
  readonly logitShape: readonly number[];
}

const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** Names and shapes of both players' variables. */
export function parameterShapes({ sampleShape, logitShape }: GameShape) {
  const inputs = size(sampleShape);
  return {
    discriminator: {
      W: [inputs, hidden],
      b: [hidden],
      V: [hidden, size(logitShape)],
      c: [size(logitShape)],
    },
    generator: { P: [latentSize, hidden], Q: [hidden, inputs] },
  } as const;
}

export type Parameters = Readonly<Record<string, Float64Array>>;

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** x times a flat row-major matrix with `columns` columns. */
const times = (row: readonly number[], matrix: Float64Array, columns: number) =>
  Array.from({ length: columns }, (_, column) =>
    row.reduce((sum, value, index) => sum + value * matrix[index * columns + column]!, 0),
  );

/** A flat matrix times y: one number per row of the matrix. */
const timesTransposed = (matrix: Float64Array, row: readonly number[]) =>
  Array.from({ length: matrix.length / row.length }, (_, index) =>
    row.reduce((sum, value, column) => sum + value * matrix[index * row.length + column]!, 0),
  );

/** The discriminator in float64. */
export function discriminator64({ W, b, V, c }: Parameters) {
  const before = (x: readonly number[]) => times(x, W!, hidden).map((value, index) => value + b![index]!);
  return {
    features: (rows: Rows) => rows.map((x) => before(x).map(softplus)),
    logits: (rows: Rows) =>
      rows.map((x) => times(before(x).map(softplus), V!, c!.length).map((value, index) => value + c![index]!)),
    /** d(sum of the sample's logits)/dx. */
    inputGradient: (rows: Rows) =>
      rows.map((x) => {
        const upstream = timesTransposed(
          V!,
          Array.from(c!, () => 1),
        );
        return timesTransposed(
          W!,
          before(x).map((value, index) => sigmoid(value) * upstream[index]!),
        );
      }),
  };
}

/** The generator in float64. */
export function generator64({ P, Q }: Parameters) {
  return {
    generate: (rows: Rows) => rows.map((z) => times(times(z, P!, hidden).map(softplus), Q!, Q!.length / hidden)),
    /** J^T y for each latent. */
    transposedJacobian: (rows: Rows, y: Rows) =>
      rows.map((z, sample) => {
        const slope = times(z, P!, hidden).map(sigmoid);
        const upstream = timesTransposed(Q!, y[sample]!);
        return timesTransposed(
          P!,
          slope.map((value, index) => value * upstream[index]!),
        );
      }),
  };
}

/** float32 normal draws as float64 numbers, so that both games start from the same numbers. */
export function drawParameters(shapes: Readonly<Record<string, readonly number[]>>, seed: string): Parameters {
  const random = new RandomStream(seed);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, Float64Array.from(random.normals(size(shape)))]),
  );
}

export function drawRows(count: number, width: number, seed: string): Rows {
  const random = new RandomStream(seed);
  return Array.from({ length: count }, () => Array.from(random.normals(width)));
}

/** One player's parameters as TensorFlow.js variables; the caller disposes them. */
export function makeVariables(
  parameters: Parameters,
  shapes: Readonly<Record<string, readonly number[]>>,
): NamedVariable[] {
  return Object.entries(shapes).map(([name, shape]) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.tensor(Float32Array.from(parameters[name]!), [...shape]))),
    trainable: true,
  }));
}

const byName = (variables: readonly NamedVariable[], name: string) =>
  variables.find((named) => named.name === name)!.variable as tf.Tensor as tf.Tensor2D;

/** The discriminator in TensorFlow.js. */
export function discriminate(
  variables: readonly NamedVariable[],
  shape: GameShape,
  samples: tf.Tensor,
): DiscriminatorOutput {
  const batch = samples.shape[0]!;
  const get = (name: string) => byName(variables, name);
  const features = tf.softplus(tf.add(tf.matMul(samples.reshape<tf.Tensor2D>([batch, -1]), get('W')), get('b')));
  const logits = tf.add(tf.matMul(features as tf.Tensor2D, get('V')), get('c')).reshape([batch, ...shape.logitShape]);
  return { logits, features: [features] };
}

/** The generator in TensorFlow.js. */
export function generate(variables: readonly NamedVariable[], shape: GameShape, latent: tf.Tensor): tf.Tensor {
  const features = tf.softplus(tf.matMul(latent as tf.Tensor2D, byName(variables, 'P')));
  return tf.matMul(features as tf.Tensor2D, byName(variables, 'Q')).reshape([latent.shape[0]!, ...shape.sampleShape]);
}
