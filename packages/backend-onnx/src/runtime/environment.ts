/** ONNX Runtime's environment: one thread pool for all sessions, and the settings that every session gets. */

import { OnnxBackendError } from '../errors.ts';
import type { OrtApi } from './api.ts';
import type { Arguments } from './arguments.ts';

/** What goes wrong is thrown, so it need not be printed as well. */
const LOG_NOTHING_BUT_CRASHES = 4;
const ALL_OPTIMIZATIONS = 99;
const ARENA_ALLOCATOR = 1;
const DEFAULT_MEMORY = 0;

export interface RuntimeEnvironment {
  env: number;
  /** Describes plain CPU memory, for wrapping ours as tensors. */
  memoryInfo: number;
  sessionOptions: number;
  /** False when another user of ONNX Runtime in this process came first: then each session has threads of its own. */
  sharedThreads: boolean;
}

export function createEnvironment(api: OrtApi, args: Arguments, threads: number): RuntimeEnvironment {
  const { check } = api;
  const threading = args.handle((out) => check(api.createThreadingOptions(out), 'create threading options'));
  check(api.setGlobalIntraOpNumThreads(threading, threads), 'set the number of threads');
  check(api.setGlobalInterOpNumThreads(threading, 1), 'set the number of threads');
  check(api.setGlobalSpinControl(threading, 0), 'set the waiting of threads');
  const env = args.handle((out) =>
    check(
      api.createEnvWithGlobalThreadPools(LOG_NOTHING_BUT_CRASHES, args.text('tfjs'), threading, out),
      'create its environment',
    ),
  );
  const memoryInfo = args.handle((out) =>
    check(api.createCpuMemoryInfo(ARENA_ALLOCATOR, DEFAULT_MEMORY, out), 'describe CPU memory'),
  );
  const options = (): number => {
    const created = args.handle((out) => check(api.createSessionOptions(out), 'create session options'));
    check(api.setSessionGraphOptimizationLevel(created, ALL_OPTIMIZATIONS), 'set the optimisation level');
    check(api.addSessionConfigEntry(created, 'session.set_denormal_as_zero', '1'), 'flush denormals to zero');
    return created;
  };
  const shared = options();
  check(api.disablePerSessionThreads(shared), 'share the threads between sessions');
  return { env, memoryInfo, sessionOptions: shared, sharedThreads: true };
}

/**
 * The same with threads per session. The process has one ONNX Runtime environment; if somebody else created it without a
 * global thread pool, sessions that want one fail, and this is what is left. Their threads sleep between calls.
 */
export function withSessionThreads(
  api: OrtApi,
  args: Arguments,
  environment: RuntimeEnvironment,
  threads: number,
): RuntimeEnvironment {
  const { check } = api;
  const options = args.handle((out) => check(api.createSessionOptions(out), 'create session options'));
  if (options === 0)
    throw new OnnxBackendError('ONNX Runtime returned no session options; reinstall onnxruntime-node.');
  check(api.setSessionGraphOptimizationLevel(options, ALL_OPTIMIZATIONS), 'set the optimisation level');
  check(api.setIntraOpNumThreads(options, threads), 'set the number of threads');
  check(api.addSessionConfigEntry(options, 'session.set_denormal_as_zero', '1'), 'flush denormals to zero');
  check(api.addSessionConfigEntry(options, 'session.intra_op.allow_spinning', '0'), 'let idle threads sleep');
  return { ...environment, sessionOptions: options, sharedThreads: false };
}
