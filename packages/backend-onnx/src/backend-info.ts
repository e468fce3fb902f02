/** What the backend is made of on this machine. */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackend } from './backend.ts';
import { OnnxBackendError } from './errors.ts';
import { nativeKernels } from './kernels/index.ts';
import { BACKEND_NAME, fusedKernels } from './register.ts';

export interface BackendInfo {
  /** tfjs kernels that run natively; a few of their rarer cases (other element types, channels-first) go to the cpu kernel. */
  nativeKernels: string[];
  /** Kernels beyond those of tfjs, for fused operations. */
  fusedKernels: string[];
  /** tfjs kernels that run on the code of tfjs's cpu backend. */
  cpuKernels: string[];
  /** Threads that one operation may use. */
  threads: number;
  /** Threads of the backend's own that run by now, beside the one that called; they start when there is first enough to do. */
  helperThreads: number;
  /** False when somebody else had opened ONNX Runtime in this process: then every session has threads of its own. */
  sharedThreads: boolean;
  /** Tensor memory in bytes: now in use, the most ever used, and the bound. */
  memory: { inUse: number; touched: number; limit: number };
  /** Models prepared so far. */
  sessions: number;
  /** Width of the channel blocks of the fast convolution on this CPU; 0 when it is not in use. */
  channelBlock: number;
  /** Whether convolutions may be computed by Winograd's minimal filtering. */
  winogradConvolution: boolean;
  versions: { onnxRuntime: string; koffi: string; tfjs: string };
  /** The native library in use. */
  library: string;
}

/**
 * @throws OnnxBackendError when the backend does not run yet.
 */
export function backendInfo(): BackendInfo {
  const backend = tf.engine().registry[BACKEND_NAME];
  if (!OnnxBackend.isInstance(backend)) {
    throw new OnnxBackendError("The backend does not run; call await tf.setBackend('onnx') before backendInfo().");
  }
  const { runtime, heap } = backend;
  const native = nativeKernels.map(({ name }) => name).sort();
  const fused = fusedKernels.map(({ name }) => name).sort();
  const isNative = new Set([...native, ...fused]);
  return {
    nativeKernels: native,
    fusedKernels: fused,
    cpuKernels: tf
      .getKernelsForBackend(BACKEND_NAME)
      .map(({ kernelName }) => kernelName)
      .filter((name) => !isNative.has(name))
      .sort(),
    threads: runtime.threads,
    helperThreads: runtime.workers.helpers,
    sharedThreads: runtime.sharedThreads,
    memory: { inUse: heap.used, touched: heap.touched, limit: heap.capacity },
    sessions: runtime.sessions.count,
    channelBlock: backend.channelBlock,
    winogradConvolution: backend.winogradConvolution,
    versions: { ...runtime.versions, tfjs: tf.version_core },
    library: runtime.libraryPath,
  };
}
