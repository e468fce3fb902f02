/** Runs one case on the current backend and looks at the result and at the memory around it. */
import * as tf from '@tensorflow/tfjs';
import { difference, type Result } from './compare.ts';
import type { KernelCase } from './kernel-case.ts';
import { sizeOf, type Values } from './values.ts';

export interface RunOptions {
  /** Relative error that floats may have. */
  readonly tolerance: number;
  /** Whether to run once more between two guards, for backends whose memory has neighbours. */
  readonly guards: boolean;
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export function toTensor({ shape, dtype, data }: Values): tf.Tensor {
  return tf.tensor(arrays[dtype].from(data), [...shape], dtype);
}

async function read(tensor: tf.Tensor): Promise<Result> {
  return { shape: tensor.shape, dtype: tensor.dtype, data: (await tensor.data()) as Float32Array };
}

function outputsOf(kernelCase: KernelCase, inputs: tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const outputs = kernelCase.run(...inputs);
    return Array.isArray(outputs) ? outputs : [outputs];
  });
}

async function fault(
  kernelCase: KernelCase,
  inputs: tf.Tensor[],
  { tolerance }: RunOptions,
): Promise<string | undefined> {
  const outputs = outputsOf(kernelCase, inputs);
  const expected = [kernelCase.expected].flat() as Values[];
  try {
    if (outputs.length !== expected.length) return `${outputs.length} results instead of ${expected.length}`;
    for (const [i, output] of outputs.entries()) {
      const found = difference(await read(output), expected[i]!, kernelCase.terms ?? 1, tolerance);
      if (found !== undefined) return outputs.length > 1 ? `result ${i}: ${found}` : found;
    }
    for (const [i, input] of inputs.entries()) {
      const found = difference(await read(input), kernelCase.inputs[i]!, 0, 0);
      if (found !== undefined) return `input ${i} was changed: ${found}`;
    }
    return undefined;
  } finally {
    tf.dispose(outputs);
  }
}

const guardValue = 0.12345;

/** Neighbours laid for each output; every other one is freed again. */
const neighbours = 9;

/**
 * Tensors of the size of each output in a row, every other one freed after it was filled: the next output of that size comes to lie in
 * one of the gaps, sees old numbers, and has something on both sides that must stay as it is.
 */
function layGuards(kernelCase: KernelCase): tf.Tensor[] {
  const expected = [kernelCase.expected].flat() as Values[];
  return expected.flatMap(({ shape, dtype }) => {
    const entries = Math.max(1, Math.ceil((sizeOf(shape) * (dtype === 'bool' ? 1 : 4)) / 4));
    const row = Array.from({ length: neighbours }, () => tf.fill([entries], guardValue));
    // Some backends lay a tensor out when something computes with it.
    for (const tensor of row) tf.dispose(tf.neg(tensor));
    const gaps = row.filter((_, i) => i % 2 === 1);
    tf.dispose(gaps);
    return row.filter((tensor) => !gaps.includes(tensor));
  });
}

async function brokenGuard(guards: readonly tf.Tensor[]): Promise<boolean> {
  for (const guard of guards) {
    const values = await guard.data();
    if (!values.every((value) => value === Math.fround(guardValue))) return true;
  }
  return false;
}

/** @returns what is wrong, or undefined */
export async function faultOfCase(kernelCase: KernelCase, options: RunOptions): Promise<string | undefined> {
  const before = tf.memory().numTensors;
  const inputs = kernelCase.inputs.map(toTensor);
  const guards: tf.Tensor[] = [];
  try {
    const first = await fault(kernelCase, inputs, options);
    if (first !== undefined) return first;
    if (options.guards) {
      guards.push(...layGuards(kernelCase));
      const second = await fault(kernelCase, inputs, options);
      if (second !== undefined) return `in memory used before: ${second}`;
      if (await brokenGuard(guards)) return 'wrote beside its output';
    }
    tf.dispose([inputs, guards]);
    const left = tf.memory().numTensors - before;
    return left === 0 ? undefined : `left ${left} tensors behind`;
  } catch (error) {
    return `threw: ${error instanceof Error ? error.message : error}`;
  } finally {
    tf.dispose([inputs, guards]);
  }
}
