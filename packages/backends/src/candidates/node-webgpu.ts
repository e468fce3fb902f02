// The GPU through WebGPU in Node, by the `webgpu` package (Dawn). Used only when it is asked for by name.
import type { BackendCandidate } from '../candidate.ts';
import { isMissing } from '../platform.ts';
import { tellDeviceErrors } from './device-errors.ts';
import { requireAdapter } from './webgpu.ts';

interface WebgpuPackage {
  create(flags: readonly string[]): object;
  readonly globals: object;
}

let installed = false;

/** Puts `navigator.gpu` and the GPU constants where the backend looks for them. */
function installGlobals({ create, globals }: WebgpuPackage): void {
  if (installed) return;
  const scope = globalThis as { navigator?: object | undefined };
  Object.assign(globalThis, globals);
  // Node 20 has no navigator; from 21 on it is an accessor without a gpu.
  if (scope.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  Object.defineProperty(scope.navigator, 'gpu', { value: create([]), configurable: true });
  installed = true;
}

export const nodeWebgpu: BackendCandidate = {
  name: 'node-webgpu',
  registeredName: 'webgpu',
  started: tellDeviceErrors,
  async prepare({ importPackage }) {
    let imported: unknown;
    try {
      imported = await importPackage('webgpu');
    } catch (error) {
      if (isMissing(error, 'webgpu')) throw new Error("it is not installed; run 'npm i webgpu'");
      throw error;
    }
    installGlobals(imported as WebgpuPackage);
    await requireAdapter('install a Vulkan, Metal or Direct3D 12 driver');
    await import('@tensorflow/tfjs-backend-webgpu');
  },
};
