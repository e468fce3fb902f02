// Floating-point operations of one forward pass, counted from the kernels that really run.
import { type Condition, checkOptions, type Discriminator, type Generator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { kernelOperations } from './kernel-operations.ts';
import { traceKernels } from './kernel-trace.ts';

export interface CountFlopsOptions {
  /** What a conditional network is told about the one sample; every tensor has a batch of 1. It stays with the caller. */
  readonly condition?: Condition | undefined;
}

/** Floating-point operations of one forward pass of one sample. */
export interface FlopCount {
  readonly total: number;
  /** The same by TensorFlow.js kernel, in the order in which they first ran; kernels that only move values are left out. */
  readonly kernels: Readonly<Record<string, number>>;
  /** Kernels that no rule is known for: they ran, and `total` lacks them. Usually empty. */
  readonly uncounted: readonly string[];
}

/**
 * Counts the floating-point operations of one forward pass of one sample (batch 1, `training: false`), by running it and watching
 * the kernels. So it works for any network, also for one that is a plain function.
 *
 * The convention: a multiplication and an addition are two operations, so a dense layer costs 2 x inputs x outputs, plus one
 * for each bias; a convolution costs 2 x output size x (kernel height x width x input channels), products with padding
 * included; a transposed convolution the same with its input for its output. An elementwise function, also `exp` or `tanh`, costs
 * one for each output; a reduction one for each input; batch normalisation 4, softmax 5, bilinear resizing 9 for each output. Moving
 * values (reshape, transpose, concatenate, pad, gather, nearest neighbour) is free. What is computed of weights alone, for
 * example spectral normalisation, counts, because it runs in every pass.
 */
export function countFlops(network: Generator | Discriminator, options: CountFlopsOptions = {}): FlopCount {
  checkOptions('countFlops', options, { condition: 'optional' });
  const kernels: Record<string, number> = {};
  const uncounted = new Set<string>();
  const forward = { training: false, condition: options.condition };
  tf.tidy(() => {
    const input = tf.zeros([1, ...('generate' in network ? network.latentShape : network.inputShape)]);
    traceKernels(
      () => {
        if ('generate' in network) network.generate(input, forward);
        else network.discriminate(input, forward);
      },
      (call) => {
        const operations = kernelOperations(call);
        if (operations === undefined) uncounted.add(call.name);
        else if (operations > 0) kernels[call.name] = (kernels[call.name] ?? 0) + operations;
      },
    );
  });
  const total = Object.values(kernels).reduce((sum, operations) => sum + operations, 0);
  return { total, kernels, uncounted: [...uncounted] };
}
