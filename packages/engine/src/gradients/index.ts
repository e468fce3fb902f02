/**
 * Importing this module once makes first- and second-order gradients right for every user of TensorFlow.js in the process:
 * gradients and kernels live in registries that all copies of tfjs-core share. Importing it again changes nothing.
 */
import * as tf from '@tensorflow/tfjs';
import { registerKernels } from '../kernels/index.ts';
import { arithmeticGradients } from './arithmetic.ts';
import { averagePoolingGradients } from './average-pooling.ts';
import { batchNormalizationGradients } from './batch-normalization.ts';
import { convolution2dGradients } from './convolution.ts';
import { convolution3dGradients } from './convolution-3d.ts';
import { repairEngine } from './engine.ts';
import { exponentialGradients } from './exponential.ts';
import { extremaGradients } from './extrema.ts';
import { indexingGradients } from './indexing.ts';
import { repairLayerBatchNormalization } from './layer-batch-normalization.ts';
import { repairLayerOptions } from './layer-options.ts';
import { matrixGradients } from './matrix.ts';
import { maxPoolingGradients } from './max-pooling.ts';
import { piecewiseConstantGradients } from './piecewise-constant.ts';
import { rearrangementGradients } from './rearrangement.ts';
import { rectifierGradients } from './rectifiers.ts';
import { resizeGradients } from './resize.ts';

const gradients = [
  ...exponentialGradients,
  ...rectifierGradients,
  ...extremaGradients,
  ...piecewiseConstantGradients,
  ...arithmeticGradients,
  ...matrixGradients,
  ...convolution2dGradients,
  ...convolution3dGradients,
  ...averagePoolingGradients,
  ...maxPoolingGradients,
  ...resizeGradients,
  ...rearrangementGradients,
  ...indexingGradients,
  ...batchNormalizationGradients,
];

for (const gradient of gradients) tf.registerGradient(gradient as unknown as tf.GradConfig);
repairEngine();
repairLayerBatchNormalization();
repairLayerOptions();
registerKernels();

/** The names of the TensorFlow.js kernels whose gradient was registered anew. */
export const repairedGradients: readonly string[] = gradients.map(({ kernelName }) => kernelName);
