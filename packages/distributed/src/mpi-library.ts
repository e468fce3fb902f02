// The MPI library of this machine, called through koffi: no compiler, no header. Each family has its own way to name what it is given.
import { createRequire } from 'node:module';
import { GanKitError } from '@gankit/core';
import type { Launch } from './launch.ts';

/** The part of koffi that is used here; koffi's own types say `any`. */
interface Koffi {
  load(path: string, options: { readonly global: boolean; readonly lazy: boolean }): Library;
  address(value: unknown): bigint;
}

interface Library {
  symbol(name: string): unknown;
  func(prototype: string): (...values: unknown[]) => number;
}

/** What MPI calls are made with. */
export interface MpiLibrary {
  readonly file: string;
  readonly family: 'Open MPI' | 'MPICH';
  readonly world: bigint | number;
  readonly float: bigint | number;
  readonly byte: bigint | number;
  readonly sum: bigint | number;
  /** An error handler that returns a code instead of ending the process. */
  readonly errorsReturn: bigint | number;
  /** The address that stands for "the result is where the input is". */
  readonly inPlace: bigint;
  /** A function by its prototype, in which `handle` is the type of what the family names things by. */
  function(prototype: string): (...values: unknown[]) => number;
}

/** The libraries that are tried, the usual name of each family first. Intel MPI and MVAPICH name theirs as MPICH does. */
const names = {
  'Open MPI': ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so.12', 'libmpi.dylib'],
  MPICH: ['libmpich.so.12', 'libmpi.so.12', 'libmpi.12.dylib', 'libmpich.12.dylib'],
} as const;

/** The numbers that MPICH and all that follow its binary interface have for what Open MPI has addresses for. */
const mpichHandles = {
  world: 0x44000000,
  float: 0x4c00040a,
  byte: 0x4c00010d,
  sum: 0x58000003,
  errorsReturn: 0x54000001,
  inPlace: -1n,
} as const;

// koffi unloads a library when its object is collected, with functions of it still in use: a crash. Kept for good.
const loaded: Library[] = [];

function loadKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch (cause) {
    throw new GanKitError(
      'backend',
      'Training on several processes calls MPI through the package koffi, which is not installed; add it with: npm install koffi',
      { cause },
    );
  }
}

function described(koffi: Koffi, file: string, library: Library): MpiLibrary {
  const has = (name: string) => {
    try {
      return library.symbol(name) !== null;
    } catch {
      return false;
    }
  };
  // Told by what is inside: both families have had files of the same name.
  const isOpenMpi = has('ompi_mpi_comm_world');
  const handle = isOpenMpi ? 'uint64' : 'int';
  const at = (name: string) => koffi.address(library.symbol(name));
  const handles = isOpenMpi
    ? {
        world: at('ompi_mpi_comm_world'),
        float: at('ompi_mpi_float'),
        byte: at('ompi_mpi_byte'),
        sum: at('ompi_mpi_op_sum'),
        errorsReturn: at('ompi_mpi_errors_return'),
        inPlace: 1n,
      }
    : mpichHandles;
  return {
    file,
    family: isOpenMpi ? 'Open MPI' : 'MPICH',
    ...handles,
    function: (prototype) => library.func(prototype.replaceAll(/\bhandle\b/g, handle)),
  };
}

/**
 * Loads the MPI library of the launcher's family, or else another that is here.
 * @param launch How this process was started. @param file A library to load instead, such as that of a cluster.
 * @throws GanKitError `backend` when there is none, or koffi is not installed.
 */
export function loadMpi(launch: Launch, file?: string): MpiLibrary {
  const koffi = loadKoffi();
  const families =
    launch.family === 'MPICH' ? [...names.MPICH, ...names['Open MPI']] : [...names['Open MPI'], ...names.MPICH];
  const tried = file === undefined ? [...new Set(families)] : [file];
  let failure: unknown;
  for (const name of tried) {
    try {
      const library = koffi.load(name, { global: true, lazy: true });
      loaded.push(library);
      return described(koffi, name, library);
    } catch (error) {
      failure = error;
    }
  }
  throw new GanKitError(
    'backend',
    file === undefined
      ? `This process is one of ${launch.size}, but there is no MPI library to talk to the others (tried ${tried.join(', ')}); install Open MPI (Debian: apt-get install openmpi-bin), or name the library in GANKIT_MPI_LIBRARY.`
      : `The MPI library '${file}' that GANKIT_MPI_LIBRARY names cannot be loaded (${(failure as Error).message}).`,
    { cause: failure, value: file },
  );
}
