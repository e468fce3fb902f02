/** What a user may set: by `configure`, or by environment variables where `configure` said nothing. */

import { availableParallelism, totalmem } from 'node:os';
import { OnnxBackendError } from './errors.ts';

export interface OnnxBackendOptions {
  /** Threads that one operation may use. Default: `GANKIT_ONNX_THREADS`, else the number of processors. */
  threads?: number;
  /**
   * Upper bound of tensor memory, in MiB, between 64 and 4096 (WebAssembly's address space). Reserved at the start but
   * taken from the system only as it is used. Default: `GANKIT_ONNX_MEMORY_MB`, else the lesser of 4096 and the machine's memory.
   */
  memoryMegabytes?: number;
  /**
   * Use ONNX Runtime's blocked convolutions, if the probe at the start finds that they work on this CPU.
   * Default: true, unless `GANKIT_ONNX_BLOCKED_CONVOLUTION` is `0`.
   */
  blockedConvolution?: boolean;
  /**
   * Compute convolutions of 3x3 filters, and of 4x4 to 6x6 with stride 2, by Winograd's minimal filtering where that is faster. Its rounding
   * errors are two to four times those of plain sums, and not-a-number or infinity in one pixel reaches all pixels of its tile.
   * Default: true, unless `GANKIT_ONNX_WINOGRAD_CONVOLUTION` is `0`.
   */
  winogradConvolution?: boolean;
}

const optionNames: readonly (keyof OnnxBackendOptions)[] = [
  'threads',
  'memoryMegabytes',
  'blockedConvolution',
  'winogradConvolution',
];
const MINIMUM_MEGABYTES = 64;
const MAXIMUM_MEGABYTES = 4096;
const MAXIMUM_THREADS = 256;

let configured: OnnxBackendOptions = {};
let frozenBy: string | undefined;

/**
 * Sets options for the backend; call it before the backend's first use.
 *
 * @throws OnnxBackendError when the backend runs already, or an option is unknown or out of range.
 */
export function configure(options: OnnxBackendOptions): void {
  if (frozenBy !== undefined) {
    throw new OnnxBackendError(`configure() came after ${frozenBy}; call it before tf.setBackend('onnx').`);
  }
  const unknown = Object.keys(options).find((name) => !optionNames.includes(name as keyof OnnxBackendOptions));
  if (unknown !== undefined) {
    throw new OnnxBackendError(`configure() has no option '${unknown}'; its options are ${optionNames.join(', ')}.`);
  }
  checkRanges({ ...configured, ...options });
  configured = { ...configured, ...options };
}

/** The settings in force, all of them; from here on `configure` refuses. */
export function freezeOptions(reason: string): Required<OnnxBackendOptions> {
  const options = resolveOptions();
  frozenBy = reason;
  return options;
}

/** Lets `configure` work again after the backend was disposed. */
export function thawOptions(): void {
  frozenBy = undefined;
}

/** The settings that would be in force now. */
export function resolveOptions(environment: NodeJS.ProcessEnv = process.env): Required<OnnxBackendOptions> {
  const machineMegabytes = Math.floor(totalmem() / 2 ** 20);
  const options = {
    threads: configured.threads ?? integerFrom(environment, 'GANKIT_ONNX_THREADS') ?? availableParallelism(),
    memoryMegabytes:
      configured.memoryMegabytes ??
      integerFrom(environment, 'GANKIT_ONNX_MEMORY_MB') ??
      Math.max(MINIMUM_MEGABYTES, Math.min(MAXIMUM_MEGABYTES, machineMegabytes)),
    blockedConvolution: configured.blockedConvolution ?? environment['GANKIT_ONNX_BLOCKED_CONVOLUTION'] !== '0',
    winogradConvolution: configured.winogradConvolution ?? environment['GANKIT_ONNX_WINOGRAD_CONVOLUTION'] !== '0',
  };
  checkRanges(options);
  return options;
}

function integerFrom(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) {
    throw new OnnxBackendError(`${name} is ${JSON.stringify(text)}; give a whole number.`);
  }
  return value;
}

function checkRanges({ threads, memoryMegabytes }: OnnxBackendOptions): void {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MAXIMUM_THREADS)) {
    throw new OnnxBackendError(`threads is ${threads}; give a whole number from 1 to ${MAXIMUM_THREADS}.`);
  }
  if (
    memoryMegabytes !== undefined &&
    !(Number.isInteger(memoryMegabytes) && memoryMegabytes >= MINIMUM_MEGABYTES && memoryMegabytes <= MAXIMUM_MEGABYTES)
  ) {
    throw new OnnxBackendError(
      `memoryMegabytes is ${memoryMegabytes}; give a whole number from ${MINIMUM_MEGABYTES} to ${MAXIMUM_MEGABYTES}.`,
    );
  }
}
