/** A TensorFlow.js backend on ONNX Runtime. Importing it registers the backend `onnx`. */

import { register } from './register.ts';

register();

export { type Availability, availability } from './availability.ts';
export { type BackendInfo, backendInfo } from './backend-info.ts';
export { OnnxBackendError } from './errors.ts';
export { configure, type OnnxBackendOptions } from './options.ts';
