// The kernel distance: KID, with Inception's features. Unbiased, so that few samples suffice.
import { checkInteger, checkOptions, RandomStream } from '@gankit/core';
import { countBoth, type Features, takeRows } from './features.ts';
import { type Kernel, polynomialKernel } from './kernels.ts';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy.ts';

export interface KernelDistanceOptions {
  /** Samples in a block, at least; 1,000 when absent. Every sample is in one block. */
  readonly blockSize?: number | undefined;
  /** (x.y / dimensions + 1)^3 when absent. */
  readonly kernel?: Kernel | undefined;
  /** Decides which samples form a block; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

export interface KernelDistance {
  /** The mean of the blocks; its expected value is 0 for equal distributions, so that it may be below 0. */
  readonly distance: number;
  /** The standard error of `distance`, from the spread of the blocks; absent with a single block. */
  readonly standardError?: number | undefined;
  readonly blocks: number;
}

/** Bounds of `parts` parts of `count`, whose sizes differ by at most 1. */
const boundOf = (part: number, parts: number, count: number) => Math.floor((part * count) / parts);

/**
 * The squared maximum mean discrepancy with a cubic kernel, over blocks of the samples. Blocks need not be even: every sample is used.
 * Source: Binkowski et al. 2018, section 4.
 * @throws GanKitError `invalid-shape` for fewer than two samples, `incompatible` for features of different dimensions.
 */
export function kernelDistance(
  reference: Features,
  generated: Features,
  options: KernelDistanceOptions = {},
): KernelDistance {
  checkOptions('kernelDistance', options, { blockSize: 'optional', kernel: 'optional', random: 'optional' });
  const { blockSize = 1000, random = new RandomStream('kernel-distance') } = options;
  checkInteger('blockSize', blockSize, 2);
  const counts = countBoth(reference, generated, 2);
  const { kernel = polynomialKernel({ scale: 1 / reference.dimensions }) } = options;
  const blocks = Math.max(1, Math.floor(Math.min(...counts) / blockSize));
  const orders = counts.map((count) => random.permutation(count)) as [Uint32Array, Uint32Array];
  const blockOf = (features: Features, order: Uint32Array, block: number) =>
    takeRows(features, order.subarray(boundOf(block, blocks, order.length), boundOf(block + 1, blocks, order.length)));
  const distances = Array.from({ length: blocks }, (_, block) =>
    maximumMeanDiscrepancy(blockOf(reference, orders[0], block), blockOf(generated, orders[1], block), { kernel }),
  );
  const distance = distances.reduce((sum, each) => sum + each, 0) / blocks;
  if (blocks === 1) return { distance, blocks };
  const spread = distances.reduce((sum, each) => sum + (each - distance) ** 2, 0) / (blocks - 1);
  return { distance, standardError: Math.sqrt(spread / blocks), blocks };
}
