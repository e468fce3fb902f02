// TensorFlow's C library through @tensorflow/tfjs-node and its CUDA build @tensorflow/tfjs-node-gpu: optional packages that
// register themselves as 'tensorflow' when they are imported.
import * as tf from '@tensorflow/tfjs';
import type { BackendName } from '../backend-name.ts';
import type { BackendCandidate } from '../candidate.ts';
import { isMissing, nodeUtil } from '../platform.ts';

const registeredName = 'tensorflow';

/**
 * Node 23 removed `util.isNullOrUndefined` and `util.isArray`, which tfjs-node 4.22 calls on every kernel (tensorflow/tfjs
 * issue 8609). They are put back on the CommonJS `util` object, before the package reads it.
 */
function restoreUtilFunctions(): void {
  const util = nodeUtil();
  if (util === undefined) return;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

interface NativeBackend {
  readonly isGPUPackage?: boolean | undefined;
  readonly isUsingGpuDevice?: boolean | undefined;
}

/** Why the package could not be loaded, in words that can be acted on. */
function loadingAdvice(error: unknown, packageName: string): string {
  if (isMissing(error, packageName)) return `it is not installed; run 'npm i ${packageName}'`;
  const message = error instanceof Error ? error.message : String(error);
  const [firstLine] = message.split('\n');
  if (/libcud|libcublas|cudart/i.test(message)) {
    return `its CUDA libraries were not found (${firstLine}); install CUDA 11.2 and cuDNN 8.1`;
  }
  if (/tfjs_binding|libtensorflow|node-pre-gyp|\.node\b/i.test(message)) {
    return `its native library is not in place (${firstLine}); run 'npm rebuild ${packageName} --build-addon-from-source'`;
  }
  return `it failed to load: ${firstLine}`;
}

function candidate(name: BackendName, packageName: string): BackendCandidate {
  return {
    name,
    registeredName,
    async prepare({ importPackage }) {
      restoreUtilFunctions();
      try {
        await importPackage(packageName);
      } catch (error) {
        throw new Error(loadingAdvice(error, packageName), { cause: error });
      }
      if (tf.findBackendFactory(registeredName) === null) {
        throw new Error(
          `${packageName} was imported but registered no backend; install one copy of @tensorflow/tfjs only`,
        );
      }
    },
  };
}

export const tfjsNode: BackendCandidate = candidate('tfjs-node', '@tensorflow/tfjs-node');

export const tfjsNodeGpu: BackendCandidate = {
  ...candidate('tfjs-node-gpu', '@tensorflow/tfjs-node-gpu'),
  refuse(backend) {
    const { isGPUPackage, isUsingGpuDevice } = backend as NativeBackend;
    if (isGPUPackage === false) return 'tfjs-node is already loaded in this process; start again without importing it';
    if (isUsingGpuDevice === false) {
      // It has taken the name under which tfjs-node registers itself, should that be tried next.
      tf.removeBackend(registeredName);
      return 'it sees no CUDA device; install the NVIDIA driver, CUDA 11.2 and cuDNN 8.1';
    }
    return undefined;
  },
};
