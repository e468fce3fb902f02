// Chooses the fastest backend that works here, and says why the others were passed over.
import '@gankit/engine/gradients';
import { checkOptions, GanKitError } from '@gankit/core';
import { registerKernels } from '@gankit/engine';
import * as tf from '@tensorflow/tfjs';
import { type BackendName, browserBackends, checkBackendName, nodeBackends } from './backend-name.ts';
import type { BackendCandidate, CandidateContext, WasmPaths } from './candidate.ts';
import { cpu } from './candidates/cpu.ts';
import { nodeWebgpu } from './candidates/node-webgpu.ts';
import { onnx } from './candidates/onnx.ts';
import { tfjsNode, tfjsNodeGpu } from './candidates/tfjs-node.ts';
import { wasm } from './candidates/wasm.ts';
import { webgl } from './candidates/webgl.ts';
import { webgpu } from './candidates/webgpu.ts';
import { checkBackend } from './check/check-backend.ts';
import { type BackendReport, faultOf } from './check/report.ts';
import { currentPlatform, environmentVariable, type ImportPackage, importPackage } from './platform.ts';

const candidates: Readonly<Record<BackendName, BackendCandidate>> = {
  'tfjs-node-gpu': tfjsNodeGpu,
  'tfjs-node': tfjsNode,
  onnx,
  'node-webgpu': nodeWebgpu,
  webgpu,
  webgl,
  wasm,
  cpu,
};

/** Options of {@link selectBackend}. */
export interface SelectBackendOptions {
  /**
   * What to try first, before the usual order. When absent, the environment variable `GANKIT_BACKEND` (one name, or several
   * with commas between them) is read in Node.
   */
  readonly prefer?: BackendName | readonly BackendName[] | undefined;
  /** Whether other backends may be tried when the preferred ones are refused; true when absent. */
  readonly fallback?: boolean | undefined;
  /** Whether to run `checkBackend` and pass over a backend that computes wrong numbers or lacks kernels; false when absent. */
  readonly check?: boolean | undefined;
  /** Where the wasm binaries are served, for browsers whose bundler does not find them; see the README. */
  readonly wasmPaths?: WasmPaths | undefined;
  /** How optional Node packages are imported; a test or a bundled program may bring its own. */
  readonly importPackage?: ImportPackage | undefined;
}

/** A backend that was tried and not taken. */
export interface RefusedBackend {
  readonly name: BackendName;
  /** Why, and what to do about it. */
  readonly refused: string;
}

/** What was chosen. TensorFlow.js now computes on it. */
export interface SelectedBackend {
  readonly backend: BackendName;
  /** The name under which TensorFlow.js knows it: what `tf.getBackend()` returns. */
  readonly registeredName: string;
  /** What was tried before it, in order, and why it was refused. */
  readonly tried: readonly RefusedBackend[];
  /** What else the bytes of a result depend on, by name: the `threads` and the version of the `runtime` of the native backend. */
  readonly details: Readonly<Record<string, number | string>>;
  /** What `checkBackend` found, when it was asked for. */
  readonly report?: BackendReport | undefined;
}

function preferredNames(options: SelectBackendOptions, platform: 'node' | 'browser'): BackendName[] {
  const fromEnvironment = environmentVariable('GANKIT_BACKEND')
    ?.split(',')
    .map((name) => name.trim());
  const names = options.prefer ?? fromEnvironment ?? [];
  return (typeof names === 'string' ? [names] : [...names]).map((name) => checkBackendName(name, platform));
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown | undefined } | null)?.message ?? error;
  return String(message).trim();
}

/** Makes `candidate` the backend in use; returns why not, or `undefined` when it is. */
async function activate(candidate: BackendCandidate, context: CandidateContext): Promise<string | undefined> {
  const { registeredName } = candidate;
  try {
    await candidate.prepare(context);
    if (!(await tf.setBackend(registeredName))) {
      const why = await candidate.whyNotStarted?.(context);
      return `TensorFlow.js could not start it; ${why ?? 'it says why on the console'}`;
    }
    await tf.ready();
    registerKernels();
    candidate.started?.(tf.backend());
    return candidate.refuse?.(tf.backend());
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Makes the fastest backend that works here the one TensorFlow.js uses. In Node: tfjs-node-gpu, tfjs-node, onnx, wasm, cpu; in a
 * browser: webgpu, webgl (32-bit floats only), wasm, cpu. Optional packages are used when they are installed. The gradients of
 * `@gankit/engine/gradients` are active afterwards.
 *
 * @throws GanKitError `unknown-name` for a backend that does not exist here; `backend` when none could be used (with
 * `fallback: false`, when none of the preferred ones could), with the reason of each.
 */
export async function selectBackend(options: SelectBackendOptions = {}): Promise<SelectedBackend> {
  checkOptions('selectBackend', options, {
    prefer: 'optional',
    fallback: 'optional',
    check: 'optional',
    wasmPaths: 'optional',
    importPackage: 'optional',
  });
  const platform = currentPlatform();
  const preferred = preferredNames(options, platform);
  const usual = platform === 'node' ? nodeBackends : browserBackends;
  const order = new Set(options.fallback === false && preferred.length > 0 ? preferred : [...preferred, ...usual]);
  const context = { importPackage: options.importPackage ?? importPackage, wasmPaths: options.wasmPaths };
  const tried: RefusedBackend[] = [];
  for (const name of order) {
    const candidate = candidates[name];
    const { registeredName } = candidate;
    let refused = await activate(candidate, context);
    if (refused === undefined) {
      const details = (await candidate.details?.(context)) ?? {};
      if (options.check !== true) return { backend: name, registeredName, tried, details };
      const report = await checkBackend();
      if (report.fit) return { backend: name, registeredName, tried, details, report };
      refused = `${faultOf(report)}; do not train on it`;
    }
    tried.push({ name, refused });
  }
  const reasons = tried.map(({ name, refused }) => `${name}: ${refused}`).join('; ');
  throw new GanKitError('backend', `No backend could be used (${reasons}); act on one of the reasons and try again.`, {
    value: [...order],
  });
}
