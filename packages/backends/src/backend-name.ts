// The backends that can be selected, and the order in which they are tried.
import { unknownNameError } from '@gankit/core';

/** A backend of TensorFlow.js, by the name that a person would choose it by. */
export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'onnx' | 'node-webgpu' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** What is tried in Node, fastest first. `node-webgpu` is not among them: it is used only when it is asked for by name. */
export const nodeBackends: readonly BackendName[] = ['tfjs-node-gpu', 'tfjs-node', 'onnx', 'wasm', 'cpu'];

/** What is tried in a browser page or worker, fastest first. */
export const browserBackends: readonly BackendName[] = ['webgpu', 'webgl', 'wasm', 'cpu'];

const selectable: Readonly<Record<'node' | 'browser', readonly BackendName[]>> = {
  node: [...nodeBackends, 'node-webgpu'],
  browser: browserBackends,
};

/** Every name that {@link checkBackendName} lets pass on this side. */
export function selectableBackends(platform: 'node' | 'browser'): readonly BackendName[] {
  return selectable[platform];
}

/**
 * The name, if it is that of a backend of this side.
 * @throws GanKitError `unknown-name`, with the nearest name or all of them.
 */
export function checkBackendName(name: string, platform: 'node' | 'browser'): BackendName {
  const known = selectable[platform].find((candidate) => candidate === name);
  if (known === undefined)
    throw unknownNameError(`backend in ${platform === 'node' ? 'Node' : 'a browser'}`, name, selectable[platform]);
  return known;
}
