/** All native kernels. */

import { binaryKernels } from './binary.ts';
import { conv2dKernels } from './conv2d.ts';
import { conv2dBackpropFilterKernel } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInputKernel } from './conv2d-backprop-input.ts';
import { identityKernels } from './identity.ts';
import { matMulKernels } from './mat-mul.ts';
import type { NativeKernel } from './native-kernel.ts';
import { reduceKernels } from './reduce.ts';
import { stridedKernels } from './strided.ts';
import { unaryKernels } from './unary.ts';

export const nativeKernels: NativeKernel[] = [
  ...binaryKernels,
  ...conv2dKernels,
  conv2dBackpropFilterKernel,
  conv2dBackpropInputKernel,
  ...identityKernels,
  ...matMulKernels,
  ...reduceKernels,
  ...stridedKernels,
  ...unaryKernels,
];
