/** Registers the backend `onnx` and its kernels with TensorFlow.js. Importing this is what makes `tf.setBackend('onnx')` work. */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackend } from './backend.ts';
import { OnnxBackendError } from './errors.ts';
import { adamUpdateKernel } from './fused/adam-update.ts';
import { batchNormActivationGradient, batchNormActivationKernels } from './fused/batch-norm-activation.ts';
import { biasActivationGradient, biasActivationKernels } from './fused/bias-activation.ts';
import { batchNormGradientKernel, registerFasterGradients } from './fused/faster-gradients.ts';
import { probeChannelBlock } from './kernels/blocked-convolution.ts';
import { nativeKernels } from './kernels/index.ts';
import type { NativeKernel } from './kernels/native-kernel.ts';
import { isHeapType } from './memory/tensor-data.ts';
import { freezeOptions, thawOptions } from './options.ts';
import { openRuntime } from './runtime/runtime.ts';

export const BACKEND_NAME = 'onnx';

/** Above cpu (1) and wasm (2): a program that imports this package wants it, and falls back to those where it cannot be. */
const PRIORITY = 3;

export function createBackend(): OnnxBackend {
  const options = freezeOptions('the backend had started');
  try {
    const runtime = openRuntime(options, () => `by ${backend.numDataIds()} tensors`);
    const backend = new OnnxBackend(runtime, thawOptions);
    if (options.blockedConvolution) backend.channelBlock = probeChannelBlock(backend);
    backend.winogradConvolution = options.winogradConvolution;
    return backend;
  } catch (error) {
    thawOptions();
    throw error;
  }
}

/** The kernel of tfjs's cpu backend, looked up at each call so that a corrected one registered later is found. */
function callCpuKernel(name: string, params: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = tf.getKernel(name, 'cpu');
  if (kernel === undefined)
    throw new OnnxBackendError(`No kernel ${name} is registered for the cpu backend; import @tensorflow/tfjs.`);
  const result = kernel.kernelFunc(params);
  const backend = params.backend as OnnxBackend;
  return Array.isArray(result) ? result.map((info) => ownType(backend, info)) : ownType(backend, result);
}

/** cpu kernels may return an int32 or bool tensor's elements as those of a wider type; ours say how their elements are stored. */
function ownType(backend: OnnxBackend, info: tf.TensorInfo): tf.TensorInfo {
  if (!isHeapType(info.dtype) || !backend.data.has(info.dataId)) return info;
  const data = backend.data.get(info.dataId);
  if (data.dtype === info.dtype || !isHeapType(data.dtype)) return info;
  const Elements = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[info.dtype];
  const copy = backend.makeTensorInfo(info.shape, info.dtype, Elements.from(data.values as Float32Array));
  backend.disposeData(info.dataId);
  return copy;
}

function registerNative({ name, run }: NativeKernel): void {
  tf.registerKernel({
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: (params) => {
      const call = { inputs: params.inputs, attrs: params.attrs ?? {}, backend: params.backend as OnnxBackend };
      return run(call) ?? callCpuKernel(name, params);
    },
  });
}

/** Kernels that tfjs itself does not know. */
export const fusedKernels: NativeKernel[] = [
  adamUpdateKernel,
  batchNormGradientKernel,
  ...batchNormActivationKernels,
  ...biasActivationKernels,
];

function register(): void {
  if (tf.findBackendFactory(BACKEND_NAME) !== null && tf.findBackendFactory(BACKEND_NAME) !== undefined) return;
  tf.registerBackend(BACKEND_NAME, createBackend, PRIORITY);
  const native = new Set(nativeKernels.map(({ name }) => name));
  for (const kernel of [...nativeKernels, ...fusedKernels]) registerNative(kernel);
  tf.registerGradient(batchNormActivationGradient);
  tf.registerGradient(biasActivationGradient);
  registerFasterGradients();
  for (const { kernelName, setupFunc, disposeFunc } of tf.getKernelsForBackend('cpu')) {
    if (native.has(kernelName)) continue;
    tf.registerKernel({
      kernelName,
      backendName: BACKEND_NAME,
      kernelFunc: (params) => callCpuKernel(kernelName, params),
      ...(setupFunc === undefined ? {} : { setupFunc }),
      ...(disposeFunc === undefined ? {} : { disposeFunc }),
    });
  }
}

register();
