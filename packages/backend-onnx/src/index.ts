/** A TensorFlow.js backend on ONNX Runtime. Importing it registers the backend `onnx`. */

import './register.ts';

export { type Availability, availability } from './availability.ts';
export { type BackendInfo, backendInfo } from './backend-info.ts';
export { OnnxBackendError } from './errors.ts';
export type { FusedActivation } from './fused/activation.ts';
export { type AdamUpdateOptions, type AdamUpdateResult, adamUpdate } from './fused/adam-update.ts';
export {
  type BatchNormActivationOptions,
  type BatchNormActivationResult,
  batchNormActivation,
} from './fused/batch-norm-activation.ts';
export { biasActivation } from './fused/bias-activation.ts';
export { configure, type OnnxBackendOptions } from './options.ts';
