/** All native kernels. */

import { addNKernel } from './add-n.ts';
import { batchNormKernel } from './batch-norm.ts';
import { binaryKernels } from './binary.ts';
import { conv2dKernels } from './conv2d.ts';
import { conv2dBackpropFilterKernel } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInputKernel } from './conv2d-backprop-input.ts';
import { depthwiseKernels } from './depthwise-conv2d.ts';
import { identityKernels } from './identity.ts';
import { matMulKernels } from './mat-mul.ts';
import type { NativeKernel } from './native-kernel.ts';
import { poolingKernels } from './pooling.ts';
import { rearrangedImageKernels } from './rearranged-images.ts';
import { reduceKernels } from './reduce.ts';
import { resizeKernels } from './resize.ts';
import { selectionKernels } from './selection.ts';
import { softmaxKernels } from './softmax.ts';
import { splitKernels } from './split.ts';
import { stridedKernels } from './strided.ts';
import { unaryKernels } from './unary.ts';

export const nativeKernels: NativeKernel[] = [
  addNKernel,
  batchNormKernel,
  ...binaryKernels,
  ...conv2dKernels,
  conv2dBackpropFilterKernel,
  conv2dBackpropInputKernel,
  ...depthwiseKernels,
  ...identityKernels,
  ...matMulKernels,
  ...poolingKernels,
  ...rearrangedImageKernels,
  ...reduceKernels,
  ...resizeKernels,
  ...selectionKernels,
  ...softmaxKernels,
  ...splitKernels,
  ...stridedKernels,
  ...unaryKernels,
];
