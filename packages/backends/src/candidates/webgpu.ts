// The GPU through WebGPU, in browsers. A browser may have `navigator.gpu` and still no adapter, so the adapter is asked for.
import type { BackendCandidate } from '../candidate.ts';
import { tellDeviceErrors } from './device-errors.ts';

interface Gpu {
  requestAdapter(): Promise<object | null>;
}

/** Throws unless `navigator.gpu` really gives an adapter. */
export async function requireAdapter(advice: string): Promise<void> {
  const gpu = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
  if (gpu === undefined) throw new Error(`navigator.gpu is missing here; ${advice}`);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error(`navigator.gpu is present but has no adapter; ${advice}`);
}

export const webgpu: BackendCandidate = {
  name: 'webgpu',
  registeredName: 'webgpu',
  started: tellDeviceErrors,
  async prepare() {
    await requireAdapter('use a browser with WebGPU on a secure page (https or localhost)');
    await import('@tensorflow/tfjs-backend-webgpu');
  },
};
