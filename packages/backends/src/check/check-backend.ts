// Preflight: does the backend in use compute what it should, and how fast? Compared with values recorded from PyTorch in float64.
import '@gankit/engine/gradients';
import { registerKernels } from '@gankit/engine';
import * as tf from '@tensorflow/tfjs';
import { floatBits } from '../float-bits.ts';
import { type ExactProbe, exactProbes } from './exact-probes.ts';
import { type Probe, probes } from './probes.ts';
import { recorded } from './recorded.ts';
import type { BackendReport, OperationReport, TrainingReport } from './report.ts';
import { relativeError, sequenceTensor } from './sequence.ts';
import { TinyGan } from './tiny-gan.ts';

/** Far above what 32-bit floats lose (1e-6 to 1e-5) and below what a wrong formula or 16-bit floats do (from 1e-3). */
const tolerance = 5e-4;

/** The length that fixtures/record.py folds long results to. */
const projectionLength = 16;

/** Long results are compared through weighed sums; the same projection as in the recording script. */
function project(values: ArrayLike<number>): ArrayLike<number> {
  if (values.length <= projectionLength) return values;
  const sums = new Array<number>(projectionLength).fill(0);
  for (let index = 0; index < values.length; index++) {
    sums[index % projectionLength]! += values[index]! * Math.sin(0.3 + 0.7 * index);
  }
  return sums;
}

type Failure = Pick<OperationReport, 'outcome' | 'message'>;

/** TensorFlow.js says "Kernel 'X' not registered for backend 'Y'". */
function missingKernel(error: unknown): string | undefined {
  return /[Kk]ernel '?(\w+)'? (?:is )?not registered/.exec(String(error))?.[1];
}

function describeFailure(error: unknown): Failure {
  const kernel = missingKernel(error);
  if (kernel !== undefined) return { outcome: 'missing', message: `this backend has no kernel '${kernel}'` };
  return { outcome: 'failed', message: error instanceof Error ? error.message : String(error) };
}

function judge(error: number): Pick<OperationReport, 'outcome' | 'error' | 'message'> {
  if (error <= tolerance) return { outcome: 'right', error };
  if (!Number.isFinite(error)) return { outcome: 'wrong', message: 'its values are not finite, or of another shape' };
  return { outcome: 'wrong', error, message: `relative error ${error.toExponential(1)}` };
}

/** The operation's output, and the gradients of a weighed sum of it with respect to each input. */
function runProbe({ shapes, run }: Probe): tf.Tensor[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, index) => sequenceTensor(shape, 0.5 + index));
    const output = run(...inputs);
    const weights = sequenceTensor(output.shape, 9);
    const gradients = tf.grads((...values: tf.Tensor[]) => tf.sum(tf.mul(run(...values), weights)))(inputs);
    return [output, ...gradients];
  });
}

async function checkOperation(operation: keyof typeof probes): Promise<OperationReport> {
  let results: tf.Tensor[] = [];
  try {
    results = runProbe(probes[operation]);
    const expected = recorded.operations[operation];
    let error = results.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
    for (const [index, result] of results.entries()) {
      error = Math.max(error, relativeError(project(await result.data()), expected[index]!));
    }
    return { operation, ...judge(error) };
  } catch (error) {
    return { operation, ...describeFailure(error) };
  } finally {
    tf.dispose(results);
  }
}

async function checkExactly(operation: string, { run, expected }: ExactProbe): Promise<OperationReport> {
  let result: tf.Tensor | undefined;
  try {
    result = tf.tidy(run);
    const found = [...(await result.data())].map(Number);
    if (found.length === expected.length && found.every((value, index) => value === expected[index])) {
      return { operation, outcome: 'right', error: 0 };
    }
    return {
      operation,
      outcome: 'wrong',
      message: `it gives ${found.join(', ')} where ${expected.join(', ')} is right`,
    };
  } catch (error) {
    return { operation, ...describeFailure(error) };
  } finally {
    result?.dispose();
  }
}

async function checkTraining(): Promise<{ training: TrainingReport; stepsPerSecond?: number | undefined }> {
  const { steps, losses, samples } = recorded.training;
  const gan = new TinyGan();
  try {
    const outcome = await gan.train(steps);
    const error = Math.max(relativeError(outcome.losses, losses), relativeError(project(outcome.samples), samples));
    const training = { steps, ...judge(error) };
    const timed = 10;
    const start = tf.util.now();
    await gan.train(timed);
    return { training, stepsPerSecond: (1000 * timed) / (tf.util.now() - start) };
  } catch (error) {
    return { training: { steps, ...describeFailure(error) } };
  } finally {
    gan.dispose();
  }
}

/** Multiplies square matrices, twice as large each time until one product takes long enough for the clock. */
async function measureMatrixProduct(): Promise<number | undefined> {
  const longEnough = 20;
  const largest = 2048;
  try {
    for (let size = 128; ; size *= 2) {
      const factor = sequenceTensor([size, size], 1) as tf.Tensor2D;
      let best = Number.POSITIVE_INFINITY;
      for (let repetition = 0; repetition < 3; repetition++) {
        const start = tf.util.now();
        // The sum forces the work to finish without timing the transfer of the whole product.
        const sum = tf.tidy(() => tf.sum(tf.matMul(factor, factor)));
        await sum.data();
        best = Math.min(best, tf.util.now() - start);
        sum.dispose();
      }
      factor.dispose();
      if (best >= longEnough || size >= largest) return (2 * size ** 3) / (best * 1e6);
    }
  } catch {
    return undefined;
  }
}

/**
 * Checks the backend in use: 27 operations forwards and backwards and a few steps of a tiny conditional, convolutional GAN against values
 * recorded from PyTorch in float64; one-hots, comparisons, casts and whole numbers against what they must give; then its speed. Takes a second or so; GPU backends compile their shaders on top of that.
 * Nothing it makes is left behind.
 */
export async function checkBackend(): Promise<BackendReport> {
  await tf.ready();
  registerKernels();
  const operations: OperationReport[] = [];
  for (const operation of Object.keys(probes)) operations.push(await checkOperation(operation as keyof typeof probes));
  for (const [operation, probe] of Object.entries(exactProbes)) operations.push(await checkExactly(operation, probe));
  const { training, stepsPerSecond } = await checkTraining();
  const gigaflopsPerSecond = await measureMatrixProduct();
  const messages = [...operations, training].map(({ message }) => /no kernel '(\w+)'/.exec(message ?? '')?.[1]);
  return {
    backend: tf.getBackend(),
    fit: [...operations, training].every(({ outcome }) => outcome === 'right'),
    operations,
    training,
    floatBits: floatBits(),
    precision: Math.max(0, ...operations.flatMap(({ outcome, error }) => (outcome === 'right' ? [error ?? 0] : []))),
    missingKernels: [...new Set(messages.filter((kernel) => kernel !== undefined))],
    speed: { stepsPerSecond, gigaflopsPerSecond },
  };
}
