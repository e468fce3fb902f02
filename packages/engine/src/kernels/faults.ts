/** What is wrong with each kernel that this folder replaces or adds, as the README tells it. */

export interface KernelFault {
  readonly kernels: readonly string[];
  readonly backends: readonly string[];
  readonly fault: string;
}

const everywhere = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;

export const kernelFaults: readonly KernelFault[] = [
  {
    kernels: ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'],
    backends: ['wasm'],
    fault:
      "zeros where the window is narrower than its stride and the padding is 'same'; shifted rows where windows hang over (`dimRoundingMode`)",
  },
  {
    kernels: ['Conv3D', 'AvgPool3D', 'AvgPool3DGrad'],
    backends: everywhere,
    fault: "shifted windows where they are narrower than their stride and the padding is 'same'",
  },
  {
    kernels: ['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'],
    backends: everywhere,
    fault: "as Conv3D; on wasm also for padding 'same' and for strides above 1",
  },
  {
    kernels: ['MaxPool3D', 'MaxPool3DGrad'],
    backends: everywhere,
    fault:
      'as Conv3D; on wasm the maximum of negative entries is 1.2e-38, and the gradients of cpu and webgpu go to other entries than the largest',
  },
  {
    kernels: ['MaxPool', 'AvgPool'],
    backends: ['wasm'],
    fault: 'shifted rows where windows hang over (`dimRoundingMode`)',
  },
  { kernels: ['MaxPoolGrad'], backends: ['wasm'], fault: 'wrong numbers for some sizes' },
  {
    kernels: ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput'],
    backends: ['wasm'],
    fault: 'missing',
  },
  {
    kernels: ['OneHot'],
    backends: ['wasm'],
    fault: 'whole numbers written into float32 and bool, and beside the row for a class that does not exist',
  },
  {
    kernels: ['AddN'],
    backends: ['webgpu'],
    fault: 'zeros for eight terms or more, and for whatever was queued beside them',
  },
  {
    kernels: ['Cast'],
    backends: ['wasm', 'webgpu'],
    fault: 'to bool the last byte of a number on wasm; to float32 a tensor that cannot be transposed on webgpu',
  },
  {
    kernels: ['Select'],
    backends: ['wasm', 'webgl', 'webgpu'],
    fault: 'bool written beside its memory on wasm; no more than four axes on webgl and webgpu',
  },
  {
    kernels: ['Reverse'],
    backends: ['wasm', 'webgl', 'webgpu'],
    fault: 'bool read and written beside its memory on wasm; no more than four axes on webgl and webgpu',
  },
  { kernels: ['PadV2'], backends: ['webgl', 'webgpu'], fault: 'throws, or wrong numbers, for more than four axes' },
  { kernels: ['ClipByValue', 'Reciprocal'], backends: ['wasm'], fault: 'integers taken for floats' },
  { kernels: ['RotateWithOffset'], backends: ['wasm'], fault: 'fills with whole numbers only' },
  {
    kernels: ['FloorDiv'],
    backends: ['wasm', 'webgl', 'webgpu'],
    fault:
      'float32 as the dtype on wasm, where the other backends have int32; floats rounded first on webgl; as Add on webgpu',
  },
  {
    kernels: ['Prelu'],
    backends: ['wasm', 'webgpu'],
    fault: 'slopes of a shape that is not that of the last axes on wasm; as Add on webgpu',
  },
  {
    kernels: ['GatherV2'],
    backends: ['wasm'],
    fault: 'with `batchDims`, entries of other batches and from beyond the memory',
  },
  {
    kernels: ['StridedSlice'],
    backends: everywhere,
    fault: 'throws, or a wrong shape, where nothing is taken; float32 for every dtype on wasm',
  },
  { kernels: ['ResizeNearestNeighbor'], backends: ['wasm'], fault: 'float32 for integers' },
  {
    kernels: ['ResizeNearestNeighborGrad'],
    backends: everywhere,
    fault: 'several images on cpu; one entry along an axis, whose scale is 0, on wasm, webgl and webgpu',
  },
  {
    kernels: ['ResizeBilinearGrad'],
    backends: everywhere,
    fault: 'height and width exchanged on cpu; one entry along an axis, whose scale is 0, elsewhere',
  },
  {
    kernels: ['Cumsum', 'Cumprod'],
    backends: everywhere,
    fault:
      'negative axes everywhere; no entries on wasm; on webgpu integers, and the reverse direction at its second length',
  },
  { kernels: ['All'], backends: everywhere, fault: 'as the other reductions; on cpu false for no entries' },
  {
    kernels: ['Any', 'Max', 'Mean', 'Min', 'Prod', 'Sum'],
    backends: ['wasm', 'webgl', 'webgpu'],
    fault:
      'no entries: what was in memory on wasm, throws on webgl and webgpu; integers along axes that are not the last on webgpu',
  },
  {
    kernels: ['ArgMax', 'ArgMin'],
    backends: ['webgpu'],
    fault: 'the shape [1] for a vector; integers along an axis that is not the last',
  },
  {
    kernels: ['Transpose'],
    backends: ['wasm', 'webgpu'],
    fault: 'no entries stop the program on wasm; integers and bool on webgpu, and what runs with them',
  },
  { kernels: ['BatchToSpaceND', 'SpaceToBatchND'], backends: ['webgpu'], fault: 'integers and bool, as Transpose' },
  {
    kernels: [
      ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Mod', 'SquaredDifference', 'Atan2', 'Maximum', 'Minimum'],
      ...['LogicalAnd', 'LogicalOr', 'Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'],
    ],
    backends: ['webgpu'],
    fault: 'what was in memory where one operand has one axis and the result more than four',
  },
  { kernels: ['Pow'], backends: ['webgpu'], fault: 'as Add; integers: 5 to the third is 124' },
  { kernels: ['LinSpace'], backends: ['webgpu'], fault: 'one number is not a number' },
  {
    kernels: ['UnsortedSegmentSum'],
    backends: ['cpu', 'wasm', 'webgpu'],
    fault: 'slow on cpu, missing on wasm, integers on webgpu',
  },
  {
    kernels: ['FusedBatchNorm'],
    backends: ['cpu', 'wasm'],
    fault:
      'mean and variance of another axis than the last: `tf.layers.batchNormalization({ axis: 1 })` outside training',
  },
  {
    kernels: ['BatchMatMul'],
    backends: everywhere,
    fault: 'other pairs where batches are broadcast; operands without entries; integers refused and slow on wasm',
  },
  {
    kernels: ['_FusedMatMul'],
    backends: everywhere,
    fault: 'operands without entries; on wasm the bias with a transposed operand or several matrices, or of one number',
  },
  {
    kernels: ['Einsum'],
    backends: everywhere,
    fault: 'missing on wasm; a summed label that one operand has alone elsewhere',
  },
  { kernels: ['Conv2DBackpropInput', 'Slice', 'DepthToSpace'], backends: ['wasm'], fault: 'slow' },
];

/** The faults as a markdown table. */
export function kernelFaultsMarkdown(): string {
  const rows = kernelFaults.map(
    ({ kernels, backends, fault }) =>
      `| ${kernels.join(', ').replace('_', '\\_')} | ${backends.join(', ')} | ${fault} |`,
  );
  return ['| kernel | backend | stock |', '|---|---|---|', ...rows].join('\n');
}

const begin = '<!-- kernel-table:begin -->';
const end = '<!-- kernel-table:end -->';

/** The text between the README's markers. */
export function kernelTableIn(readme: string): string {
  return readme.slice(readme.indexOf(begin) + begin.length, readme.indexOf(end)).trim();
}

/** The README with the table between its markers. */
export function withKernelTable(readme: string): string {
  const [before, after] = [readme.slice(0, readme.indexOf(begin) + begin.length), readme.slice(readme.indexOf(end))];
  return `${before}\n${kernelFaultsMarkdown()}\n${after}`;
}
