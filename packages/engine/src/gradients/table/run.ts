/** Runs the gradient table on the current backend and compares every gradient with its float64 reference. */
import * as tf from '@tensorflow/tfjs';
import { gradientCases } from './cases/index.ts';
import type { GradientCase } from './gradient-case.ts';
import { direction, firstDerivative, outputWeight, secondDerivative } from './reference/derivative.ts';

/** What became of one gradient. */
export type Outcome =
  | {
      readonly state: 'right' | 'wrong' /** Largest difference, relative to the largest entry. */;
      readonly error: number;
    }
  | { readonly state: 'throws'; readonly message: string };

export interface GradientRow {
  readonly op: string;
  readonly variant: string;
  readonly first: Outcome;
  readonly second: Outcome;
}

export interface GradientTableOptions {
  /** Run only these operations. */
  readonly only?: readonly string[] | undefined;
  /** The largest relative error that counts as right. Default 1e-3: float32 through two derivatives. */
  readonly tolerance?: number | undefined;
}

interface Reference {
  readonly first: Float64Array[];
  readonly second: Float64Array[];
}

const references = new Map<GradientCase, Reference>();

/** The derivatives of a case, computed once per process. */
function referenceOf(gradientCase: GradientCase): Reference {
  let known = references.get(gradientCase);
  if (known === undefined) {
    const { reference, inputs } = gradientCase;
    known = { first: firstDerivative(reference, inputs), second: secondDerivative(reference, inputs) };
    references.set(gradientCase, known);
  }
  return known;
}

/** Below this a gradient counts as zero, and its error is taken as absolute. */
const smallest = 0.05;

async function outcome(
  compute: () => tf.Tensor[],
  expected: readonly Float64Array[],
  tolerance: number,
): Promise<Outcome> {
  let gradients: tf.Tensor[];
  try {
    gradients = tf.tidy(compute);
  } catch (error) {
    return { state: 'throws', message: error instanceof Error ? error.message : String(error) };
  }
  let worst = 0;
  for (const [k, gradient] of gradients.entries()) {
    const values = await gradient.data();
    gradient.dispose();
    const scale = expected[k]!.reduce((largest, value) => Math.max(largest, Math.abs(value)), smallest);
    if (values.length !== expected[k]!.length) worst = Number.POSITIVE_INFINITY;
    for (const [i, value] of values.entries()) {
      const error = Math.abs(value - expected[k]![i]!) / scale;
      // NaN counts as infinitely wrong.
      worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
    }
  }
  return { state: worst <= tolerance ? 'right' : 'wrong', error: worst };
}

/** First and second derivatives of one case on the current backend. */
export async function runGradientCase(gradientCase: GradientCase, tolerance = 1e-3): Promise<GradientRow> {
  const { op, variant, tensor, inputs } = gradientCase;
  const expected = referenceOf(gradientCase);
  const xs = inputs.map(({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape], 'float32'));
  const vs = inputs.map(({ shape, data }, k) =>
    tf.tensor(
      Float32Array.from(data, (_, i) => direction(i, k)),
      [...shape],
      'float32',
    ),
  );
  const phi = (...at: tf.Tensor[]) => {
    const y = tf.cast(tensor(...at), 'float32');
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => outputWeight(i)),
      y.shape,
    );
    return tf.sum(tf.mul(weights, tf.add(y, tf.mul(0.5, tf.square(y)))));
  };
  const alongDirection = (...at: tf.Tensor[]) =>
    tf.addN(
      tf
        .grads(phi)(at)
        .map((gradient, k) => tf.sum(tf.mul(gradient, vs[k]!))),
    );
  try {
    return {
      op,
      variant,
      first: await outcome(() => tf.grads(phi)(xs), expected.first, tolerance),
      second: await outcome(() => tf.grads(alongDirection)(xs), expected.second, tolerance),
    };
  } finally {
    tf.dispose([xs, vs]);
  }
}

/**
 * Runs the table on a backend, which becomes the current one. It imports no repairs: import `@gankit/engine/gradients` first
 * to test them, or do not, to see what stock TensorFlow.js does.
 */
export async function runGradientTable(
  backendName: string,
  options: GradientTableOptions = {},
): Promise<GradientRow[]> {
  await tf.setBackend(backendName);
  await tf.ready();
  const { only, tolerance } = options;
  const rows: GradientRow[] = [];
  for (const gradientCase of gradientCases) {
    if (only === undefined || only.includes(gradientCase.op)) rows.push(await runGradientCase(gradientCase, tolerance));
  }
  return rows;
}
