// What selection knows of one backend: how to get it ready, and how to look at it once it runs.
import type { KernelBackend } from '@tensorflow/tfjs';
import type { BackendName } from './backend-name.ts';
import type { ImportPackage } from './platform.ts';

/** Where the wasm backend's binaries are served: a folder's URL, or a URL for each of the three files. */
export type WasmPaths = string | Readonly<Record<string, string>>;

/** What a candidate may use to get ready. */
export interface CandidateContext {
  readonly importPackage: ImportPackage;
  readonly wasmPaths: WasmPaths | undefined;
}

/** One backend that can be selected. */
export interface BackendCandidate {
  readonly name: BackendName;
  /** The name under which TensorFlow.js registers it. */
  readonly registeredName: string;
  /** What else the bytes of a result depend on, such as the number of threads; nothing when absent. Asked when it is in use. */
  details?(context: CandidateContext): Promise<Readonly<Record<string, number | string>>>;
  /** Why TensorFlow.js could not start it, which it reports on the console only, or what to do then. */
  whyNotStarted?(context: CandidateContext): Promise<string | undefined>;
  /** Loads and registers it. Throws, with a reason a person can act on, when that cannot be done here. */
  prepare(context: CandidateContext): Promise<void>;
  /** What has to be done once it runs. */
  started?(backend: KernelBackend): void;
  /** Looks at the running backend; returns why it must not be used, or `undefined`. */
  refuse?(backend: KernelBackend): string | undefined;
}
