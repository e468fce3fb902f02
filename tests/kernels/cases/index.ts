/** Every kernel that is compared. */
import type { KernelProperty } from '../harness/kernel-case.ts';
import { binaryProperties } from './binary.ts';
import { choiceProperties } from './choice.ts';
import { constantProperties } from './constants.ts';
import { convolutionProperties } from './convolutions.ts';
import { convolution3dProperties } from './convolutions-3d.ts';
import { fusedConvolutionProperties } from './fused-convolutions.ts';
import { imageProperties } from './images.ts';
import { indexingProperties } from './indexing.ts';
import { joinProperties } from './joins.ts';
import { matrixProperties } from './matrices.ts';
import { poolingProperties } from './pooling.ts';
import { rearrangementProperties } from './rearrangements.ts';
import { reductionProperties } from './reductions.ts';
import { unaryProperties } from './unary.ts';

export const kernelProperties: readonly KernelProperty[] = [
  ...unaryProperties,
  ...binaryProperties,
  ...choiceProperties,
  ...constantProperties,
  ...reductionProperties,
  ...rearrangementProperties,
  ...joinProperties,
  ...indexingProperties,
  ...matrixProperties,
  ...convolutionProperties,
  ...fusedConvolutionProperties,
  ...convolution3dProperties,
  ...poolingProperties,
  ...imageProperties,
];
