// What a graphics card refuses is told. WebGPU answers a faulty command with zeros, and drops everything that was queued beside it; the
// only trace is an event that TensorFlow.js does not listen to. A player would be trained on zeros.
import { GanKitError } from '@gankit/core';
import type { KernelBackend } from '@tensorflow/tfjs';

interface DeviceError {
  readonly error: { readonly message: string };
}

interface DeviceBackend extends KernelBackend {
  readonly device: { addEventListener(type: 'uncapturederror', listener: (event: DeviceError) => void): void };
}

const watched = new WeakSet<object>();

/** From now on reading a number from this backend throws GanKitError `backend` once its device has refused a command. */
export function tellDeviceErrors(backend: KernelBackend): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const { device } = backend as DeviceBackend;
  let refused: string | undefined;
  device.addEventListener('uncapturederror', ({ error }) => {
    refused ??= error.message;
  });
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (refused === undefined) return values;
    throw new GanKitError(
      'backend',
      `The graphics card refused a command of WebGPU, and numbers since are not to be trusted; go on from the last checkpoint on another backend. It said: ${refused.split('\n', 1)[0]}`,
      { value: refused },
    );
  };
}
