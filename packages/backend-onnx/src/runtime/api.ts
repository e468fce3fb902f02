/**
 * The functions of ONNX Runtime's C API that the backend calls. `OrtApi` is a table of function pointers that only
 * ever grows at its end, so an index is valid in every release that serves the version asked for
 * (onnxruntime/core/session/onnxruntime_c_api.h).
 */

import { OnnxBackendError } from '../errors.ts';
import type { NativeFunction, NativeLibrary } from './library.ts';

const API_VERSION = 17;
const TABLE_LENGTH = 150;

/** Index in `OrtApi`, return type and parameters. Handles, pointers and sizes are `uint64`: doubles on our side. */
const functions = {
  getErrorMessage: [2, 'const char* (uint64 status)'],
  createSessionFromArray: [8, 'uint64 (uint64 env, uint64 data, uint64 size, uint64 options, uint64 out)'],
  run: [
    9,
    'uint64 (uint64 session, uint64 options, uint64 names, uint64 values, uint64 count, uint64 outNames, uint64 outCount, uint64 outValues)',
  ],
  createSessionOptions: [10, 'uint64 (uint64 out)'],
  setSessionGraphOptimizationLevel: [23, 'uint64 (uint64 options, int32 level)'],
  setIntraOpNumThreads: [24, 'uint64 (uint64 options, int32 threads)'],
  createTensorWithData: [
    49,
    'uint64 (uint64 info, uint64 data, uint64 size, uint64 shape, uint64 rank, int32 type, uint64 out)',
  ],
  createCpuMemoryInfo: [69, 'uint64 (int32 allocator, int32 type, uint64 out)'],
  releaseStatus: [93, 'void (uint64 handle)'],
  releaseSession: [95, 'void (uint64 handle)'],
  releaseValue: [96, 'void (uint64 handle)'],
  createEnvWithGlobalThreadPools: [119, 'uint64 (int32 level, uint64 name, uint64 threading, uint64 out)'],
  disablePerSessionThreads: [120, 'uint64 (uint64 options)'],
  createThreadingOptions: [121, 'uint64 (uint64 out)'],
  addSessionConfigEntry: [130, 'uint64 (uint64 options, const char* key, const char* value)'],
  setGlobalIntraOpNumThreads: [147, 'uint64 (uint64 threading, int32 threads)'],
  setGlobalInterOpNumThreads: [148, 'uint64 (uint64 threading, int32 threads)'],
  setGlobalSpinControl: [149, 'uint64 (uint64 threading, int32 spin)'],
} as const;

export type OrtApi = Record<keyof typeof functions, NativeFunction> & {
  /** The release of the library, "1.30.0". */
  version: string;
  /** Throws what an `OrtStatus*` says and releases it; 0 means success. `doing` completes "ONNX Runtime failed to ...". */
  check(status: number, doing: string): void;
  /** Where the functions lie and their prototypes, for another thread to call them. */
  addresses: Record<keyof typeof functions, readonly [address: number, signature: string]>;
};

/**
 * @throws OnnxBackendError when the library is older than the API version asked for.
 */
export function openApi(library: NativeLibrary): OrtApi {
  const [getApi, getVersion] = library.wordsAt(library.apiBase, 2) as [number, number];
  const version = library.functionAt(getVersion, 'const char* ()')() as unknown as string;
  const table = library.functionAt(getApi, 'uint64 (uint32 version)')(API_VERSION);
  if (table === 0) {
    throw new OnnxBackendError(
      `ONNX Runtime ${version} does not serve API version ${API_VERSION}; install 1.17 or later.`,
    );
  }
  const addresses = library.wordsAt(table, TABLE_LENGTH);
  const located = Object.fromEntries(
    Object.entries(functions).map(([name, [index, signature]]) => [name, [addresses[index] ?? 0, signature]]),
  ) as unknown as OrtApi['addresses'];
  const api = Object.fromEntries(
    Object.entries(located).map(([name, [address, signature]]) => [name, library.functionAt(address, signature)]),
  ) as Record<keyof typeof functions, NativeFunction>;
  return {
    ...api,
    addresses: located,
    version,
    check: (status, doing) => {
      if (status === 0) return;
      const message = api.getErrorMessage(status) as unknown as string;
      api.releaseStatus(status);
      throw new OnnxBackendError(`ONNX Runtime ${version} failed to ${doing}: ${message}`);
    },
  };
}
