/**
 * How a kernel is added to, or replaced in, the registry that all copies of TensorFlow.js in a process share.
 *
 * A backend's package registers its kernels when it is imported, which may be before or after this one. A kernel that
 * the backend lacks is therefore added at once (nothing will overwrite it); a kernel that replaces a faulty one can only
 * be put in place once the faulty one is there, so `repairKernels` is called again whenever a gradient is computed.
 */
import * as tf from '@tensorflow/tfjs';

/** One kernel that a backend lacks, or has in a faulty or needlessly slow form. */
export interface KernelRepair {
  readonly kernelName: string;
  readonly backendName: string;
  /** `missing`: register only when the backend has none. `replace`: register over the backend's own. */
  readonly kind: 'missing' | 'replace';
  /** The kernel; `original` is the backend's own function, present for every replacement. */
  readonly kernelFunc: (params: Parameters<tf.KernelFunc>[0], original: tf.KernelFunc) => ReturnType<tf.KernelFunc>;
}

const ours = new WeakSet<tf.KernelConfig>();

/** Puts one repair in place; returns whether the registry was changed. */
function apply(repair: KernelRepair): boolean {
  const { kernelName, backendName, kind } = repair;
  const current = tf.getKernel(kernelName, backendName);
  if (current !== undefined && ours.has(current)) return false;
  if ((kind === 'missing') !== (current === undefined)) return false;
  const refuse: tf.KernelFunc = () => {
    throw new Error(`kernel '${kernelName}' of backend '${backendName}' has no original to fall back on`);
  };
  const original = current?.kernelFunc ?? refuse;
  const config: tf.KernelConfig = {
    ...current,
    kernelName,
    backendName,
    kernelFunc: (params) => repair.kernelFunc(params, original),
  };
  if (current !== undefined) tf.unregisterKernel(kernelName, backendName);
  ours.add(config);
  tf.registerKernel(config);
  return true;
}

/** A set of repairs of one backend, with a check so cheap that it can run before every gradient. */
export class KernelRepairs {
  readonly #repairs: readonly KernelRepair[];
  readonly #sentinels = new Map<string, string>();

  constructor(repairs: readonly KernelRepair[]) {
    this.#repairs = repairs;
    for (const repair of repairs) {
      if (repair.kind === 'replace') this.#sentinels.set(repair.backendName, repair.kernelName);
    }
  }

  /** Registers everything that can be registered now; returns the `backend/kernel` names that were. */
  applyAll(): string[] {
    return this.#repairs.filter(apply).map(({ backendName, kernelName }) => `${backendName}/${kernelName}`);
  }

  /** Does so again if the backend's package has been imported, and has registered its own kernels, since. */
  ensure(backendName: string): void {
    const sentinel = this.#sentinels.get(backendName);
    if (sentinel === undefined) return;
    const current = tf.getKernel(sentinel, backendName);
    if (current === undefined || ours.has(current)) return;
    for (const repair of this.#repairs) {
      if (repair.backendName === backendName) apply(repair);
    }
  }
}
