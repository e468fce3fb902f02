/** Finds and opens the ONNX Runtime library that the npm package `onnxruntime-node` ships, through the FFI package `koffi`. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OnnxBackendError } from '../errors.ts';

/** A native function; numbers go in and out as doubles, which hold any 48-bit address exactly. */
export type NativeFunction = (...values: (number | string)[]) => number;

/** The part of koffi that is used here; koffi's own types say `any`. */
interface Koffi {
  load(path: string): { func(definition: string): NativeFunction };
  address(value: Uint8Array): bigint;
  proto(definition: string): unknown;
  decode(address: bigint, type: unknown, length?: number): unknown;
  version: string;
}

export interface NativeLibrary {
  /** Start of the table `OrtApiBase`: two functions, `GetApi` and `GetVersionString`. */
  apiBase: number;
  /** A callable for the function at an address. `signature` is a C prototype. */
  functionAt(address: number, signature: string): NativeFunction;
  /** 64-bit words at an address. */
  wordsAt(address: number, count: number): number[];
  addressOf(buffer: ArrayBufferLike): number;
  path: string;
  koffiVersion: string;
}

const require = createRequire(import.meta.url);

// koffi unloads a library when its object is collected, with functions of it still in use: a crash. Keep them for good.
const openLibraries = new Map<string, unknown>();

/**
 * @throws OnnxBackendError saying which package or file is missing.
 */
export function openLibrary(): NativeLibrary {
  const koffi = loadKoffi();
  const path = findLibrary();
  let handle: ReturnType<Koffi['load']>;
  try {
    handle = koffi.load(path);
  } catch (cause) {
    throw new OnnxBackendError(`The library ${path} does not load on this machine: ${messageOf(cause)}`, { cause });
  }
  openLibraries.set(path, handle);
  let anonymous = 0;
  return {
    apiBase: handle.func('uint64 OrtGetApiBase()')(),
    functionAt: (address, signature) => {
      anonymous += 1;
      const prototype = koffi.proto(signature.replace('(', `OrtFunction${anonymous}(`));
      return koffi.decode(BigInt(address), prototype) as NativeFunction;
    },
    wordsAt: (address, count) => Array.from(koffi.decode(BigInt(address), 'uint64', count) as BigUint64Array, Number),
    addressOf: (buffer) => Number(koffi.address(new Uint8Array(buffer))),
    path,
    koffiVersion: koffi.version,
  };
}

function loadKoffi(): Koffi {
  try {
    return require('koffi') as Koffi;
  } catch (cause) {
    throw new OnnxBackendError(
      `The optional package "koffi" does not load (${messageOf(cause)}); install it with: npm install koffi`,
      { cause },
    );
  }
}

function findLibrary(): string {
  let root: string;
  try {
    root = dirname(require.resolve('onnxruntime-node/package.json'));
  } catch (cause) {
    throw new OnnxBackendError(
      'The optional package "onnxruntime-node" is not installed; install it with: npm install --ignore-scripts onnxruntime-node',
      { cause },
    );
  }
  const pattern = /^(libonnxruntime\.so(\.\d+)*|libonnxruntime(\.\d+)*\.dylib|onnxruntime\.dll)$/;
  const binaries = join(root, 'bin');
  const releases = existsSync(binaries) ? readdirSync(binaries).sort().reverse() : [];
  for (const release of releases) {
    const folder = join(binaries, release, process.platform, process.arch);
    const file = existsSync(folder) ? readdirSync(folder).find((name) => pattern.test(name)) : undefined;
    if (file !== undefined) return join(folder, file);
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  throw new OnnxBackendError(
    `onnxruntime-node ${version} ships no library for ${process.platform}-${process.arch}; use another backend on this machine.`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
}
