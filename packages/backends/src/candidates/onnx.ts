// The native backend on ONNX Runtime: an optional package that registers itself as 'onnx' when it is imported.
import * as tf from '@tensorflow/tfjs';
import type { BackendCandidate } from '../candidate.ts';
import { isMissing } from '../platform.ts';

const packageName = '@gankit/backend-onnx';

interface OnnxPackage {
  availability?(): { readonly available: boolean; readonly reason?: string | undefined };
  backendInfo?(): { readonly threads: number; readonly versions: { readonly onnxRuntime: string } };
}

export const onnx: BackendCandidate = {
  name: 'onnx',
  registeredName: 'onnx',
  async prepare({ importPackage }) {
    try {
      await importPackage(packageName);
    } catch (error) {
      if (isMissing(error, packageName))
        throw new Error(`it is not installed; run 'npm i --ignore-scripts ${packageName}'`);
      throw error;
    }
    if (tf.findBackendFactory('onnx') === null) {
      throw new Error(
        `${packageName} was imported but registered no backend; install one copy of @tensorflow/tfjs only`,
      );
    }
  },
  async whyNotStarted({ importPackage }) {
    const { availability } = (await importPackage(packageName)) as OnnxPackage;
    return availability?.().reason;
  },
  async details({ importPackage }) {
    const { backendInfo } = (await importPackage(packageName)) as OnnxPackage;
    const info = backendInfo?.();
    return info === undefined ? {} : { threads: info.threads, runtime: info.versions.onnxRuntime };
  },
};
