/** The kernels that TensorFlow.js's backends lack for training, or have in a faulty form. */
import { broadcastBatches } from './broadcast-batches.ts';
import { einsumKernel } from './einsum.ts';
import { conv3dBackpropFilter } from './host/conv3d-backprop-filter.ts';
import { conv3dBackpropInput } from './host/conv3d-backprop-input.ts';
import { depthwiseConv2dBackpropFilter } from './host/depthwise-conv2d-backprop-filter.ts';
import { maxPool3d, maxPool3dGrad } from './host/max-pool-3d.ts';
import { maxPoolGrad } from './host/max-pool-grad.ts';
import { resizeBilinearGrad, resizeNearestNeighborGrad } from './host/resize-grad.ts';
import { unsortedSegmentSum } from './host/unsorted-segment-sum.ts';
import { type KernelRepair, KernelRepairs } from './repair.ts';
import { wasmBatchMatMul } from './wasm/batch-mat-mul.ts';
import { wasmConv2DBackpropFilter } from './wasm/conv2d-backprop-filter.ts';
import { wasmConv2DBackpropInput } from './wasm/conv2d-backprop-input.ts';
import { wasmDepthToSpace } from './wasm/depth-to-space.ts';
import { wasmDepthwiseConv2dBackpropInput } from './wasm/depthwise-conv2d-backprop-input.ts';
import { wasmSlice } from './wasm/slice.ts';
import { webgpuCast } from './webgpu/cast.ts';
import { webgpuRunning } from './webgpu/running.ts';

const repairs: readonly KernelRepair[] = [
  wasmConv2DBackpropFilter,
  wasmConv2DBackpropInput,
  wasmDepthwiseConv2dBackpropInput,
  depthwiseConv2dBackpropFilter('wasm', 'missing'),
  unsortedSegmentSum('wasm', 'missing'),
  maxPoolGrad('wasm', 'replace'),
  maxPool3d('wasm', 'replace'),
  maxPool3dGrad('wasm', 'replace'),
  conv3dBackpropInput('wasm', 'replace'),
  conv3dBackpropFilter('wasm', 'replace'),
  wasmSlice,
  wasmDepthToSpace,
  wasmBatchMatMul,
  einsumKernel('wasm', 'missing'),
  einsumKernel('cpu', 'replace'),
  einsumKernel('webgl', 'replace'),
  einsumKernel('webgpu', 'replace'),
  unsortedSegmentSum('cpu', 'replace'),
  resizeNearestNeighborGrad('cpu', 'replace'),
  resizeBilinearGrad('cpu', 'replace'),
  broadcastBatches('cpu'),
  broadcastBatches('webgl'),
  broadcastBatches('webgpu'),
  webgpuCast,
  ...webgpuRunning,
];

const kernelRepairs = new KernelRepairs(repairs);

/**
 * Registers every kernel that the backends of this process lack or have wrong. Call it after the backends' packages are
 * imported; `@gankit/engine/gradients` does so by itself, whatever the order of the imports. Idempotent.
 *
 * @returns the kernels registered by this call, as `backend/kernel`
 */
export function registerKernels(): string[] {
  return kernelRepairs.applyAll();
}

/** Makes sure that the repaired kernels of a backend are in place, if its package has been imported since. */
export function ensureKernels(backendName: string): void {
  kernelRepairs.ensure(backendName);
}
