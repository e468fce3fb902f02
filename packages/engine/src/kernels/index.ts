/** The kernels that TensorFlow.js's backends lack for training, or have in a faulty form. */
import { batchNormOfAnyAxis } from './batch-norm.ts';
import { broadcastBatches } from './broadcast-batches.ts';
import { einsumKernel } from './einsum.ts';
import { emptyStridedSlice, reductionsOfNothing } from './empty-results.ts';
import { fusedMatMul } from './fused-mat-mul.ts';
import { highRanks } from './high-ranks.ts';
import { conv3dBackpropFilter } from './host/conv3d-backprop-filter.ts';
import { conv3dBackpropInput } from './host/conv3d-backprop-input.ts';
import { depthwiseConv2dBackpropFilter } from './host/depthwise-conv2d-backprop-filter.ts';
import { maxPool3d, maxPool3dGrad } from './host/max-pool-3d.ts';
import { maxPoolGrad } from './host/max-pool-grad.ts';
import { resizeBilinearGrad, resizeNearestNeighborGrad } from './host/resize-grad.ts';
import { unsortedSegmentSum } from './host/unsorted-segment-sum.ts';
import { narrowWindows3d } from './narrow-windows-3d.ts';
import { type KernelRepair, KernelRepairs } from './repair.ts';
import { resizeGradFromOne } from './resize-from-one.ts';
import { running } from './running.ts';
import { wasmBatchMatMul } from './wasm/batch-mat-mul.ts';
import { wasmCast } from './wasm/cast.ts';
import { wasmConv2DBackpropFilter } from './wasm/conv2d-backprop-filter.ts';
import { wasmConv2DBackpropInput } from './wasm/conv2d-backprop-input.ts';
import { wasmDepthToSpace } from './wasm/depth-to-space.ts';
import { wasmDepthwiseConv2dBackpropInput } from './wasm/depthwise-conv2d-backprop-input.ts';
import { wasmEdges } from './wasm/edges.ts';
import { wasmNarrowWindows } from './wasm/narrow-windows.ts';
import { wasmSlice } from './wasm/slice.ts';
import { webglFloorDiv } from './webgl/floor-div.ts';
import { webgpuAddN } from './webgpu/add-n.ts';
import { webgpuBinary } from './webgpu/binary.ts';
import { webgpuCast } from './webgpu/cast.ts';
import { webgpuEdges } from './webgpu/edges.ts';
import {
  webgpuBatchToSpace,
  webgpuReductions,
  webgpuSpaceToBatch,
  webgpuTranspose,
} from './webgpu/integer-transpose.ts';
import { webgpuMaxPool3dGrad } from './webgpu/max-pool-3d-grad.ts';

export const repairs: readonly KernelRepair[] = [
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
  wasmCast,
  ...wasmEdges,
  ...wasmNarrowWindows,
  ...narrowWindows3d('wasm', ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2', 'MaxPool3D', 'MaxPool3DGrad']),
  ...resizeGradFromOne('wasm'),
  ...running('wasm'),
  fusedMatMul('wasm'),
  wasmDepthToSpace,
  wasmBatchMatMul,
  einsumKernel('wasm', 'missing'),
  einsumKernel('cpu', 'replace'),
  einsumKernel('webgl', 'replace'),
  einsumKernel('webgpu', 'replace'),
  unsortedSegmentSum('cpu', 'replace'),
  resizeNearestNeighborGrad('cpu', 'replace'),
  resizeBilinearGrad('cpu', 'replace'),
  batchNormOfAnyAxis('cpu'),
  batchNormOfAnyAxis('wasm'),
  maxPool3dGrad('cpu', 'replace'),
  ...narrowWindows3d('cpu', ['MaxPool3DGrad']),
  ...narrowWindows3d('webgl'),
  webgpuMaxPool3dGrad,
  ...narrowWindows3d('webgpu', ['MaxPool3DGrad']),
  ...['cpu', 'webgl', 'webgpu'].flatMap((backendName) => [
    broadcastBatches(backendName),
    ...running(backendName),
    fusedMatMul(backendName),
    emptyStridedSlice(backendName),
  ]),
  ...['webgl', 'webgpu'].flatMap((backendName) => [...highRanks(backendName), ...resizeGradFromOne(backendName)]),
  ...reductionsOfNothing('cpu', ['All']),
  ...reductionsOfNothing('wasm'),
  ...reductionsOfNothing('webgl'),
  webglFloorDiv,
  webgpuAddN,
  webgpuCast,
  ...webgpuBinary,
  ...webgpuEdges,
  webgpuTranspose,
  ...webgpuReductions,
  webgpuBatchToSpace,
  webgpuSpaceToBatch,
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
