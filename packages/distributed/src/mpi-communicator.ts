// MPI as a communicator.
import { type Communicator, GanKitError } from '@gankit/core';
import type { Launch } from './launch.ts';
import { loadMpi, type MpiLibrary } from './mpi-library.ts';

/** Processes that were started by an MPI launcher. */
export interface MpiCommunicator extends Communicator {
  /** The library that carries it: `Open MPI, libmpi.so.40`. */
  readonly library: string;
  /**
   * Says that this process is done, when all are; nothing can be said afterwards. A process that ends without it ends all others, so that
   * none waits for it for ever.
   */
  finish(): void;
}

/** The longest text of an error; MPI_MAX_ERROR_STRING is 256 in Open MPI and 512 in MPICH. */
const longestErrorText = 1024;

/** What asks for no more than one thread at a time: MPI_THREAD_SERIALIZED. */
const serialized = 2;

class MpiProcess implements MpiCommunicator {
  readonly rank: number;
  readonly size: number;
  readonly library: string;
  readonly #mpi: MpiLibrary;
  readonly #functions;

  constructor(mpi: MpiLibrary) {
    this.#mpi = mpi;
    this.library = `${mpi.family}, ${mpi.file}`;
    const call = (prototype: string) => mpi.function(prototype);
    this.#functions = {
      allReduce: call('int MPI_Allreduce(int64 send, void *receive, int count, handle type, handle op, handle comm)'),
      allGather: call(
        'int MPI_Allgather(void *send, int sent, handle sentType, void *receive, int received, handle type, handle comm)',
      ),
      broadcast: call('int MPI_Bcast(void *buffer, int count, handle type, int root, handle comm)'),
      barrier: call('int MPI_Barrier(handle comm)'),
      errorText: call('int MPI_Error_string(int code, void *text, _Out_ int *length)'),
      finalize: call('int MPI_Finalize()'),
    };
    const initialize = call('int MPI_Init_thread(void *argc, void *argv, int required, _Out_ int *provided)');
    this.#check('started', initialize(null, null, serialized, [0]));
    this.#check(
      'set up',
      call('int MPI_Comm_set_errhandler(handle comm, handle errhandler)')(mpi.world, mpi.errorsReturn),
    );
    const numberOf = (prototype: string) => {
      const number = [0];
      this.#check('asked', call(prototype)(mpi.world, number));
      return number[0]!;
    };
    this.rank = numberOf('int MPI_Comm_rank(handle comm, _Out_ int *rank)');
    this.size = numberOf('int MPI_Comm_size(handle comm, _Out_ int *size)');
  }

  #check(what: string, code: number): void {
    if (code === 0) return;
    const text = new Uint8Array(longestErrorText);
    const length = [0];
    this.#functions.errorText(code, text, length);
    throw new GanKitError(
      'backend',
      `MPI (${this.library}) could not be ${what}: ${new TextDecoder().decode(text.subarray(0, length[0]))}.`,
      { value: code },
    );
  }

  allReduce(values: Float32Array): void {
    const { inPlace, float, sum, world } = this.#mpi;
    this.#check('summed over', this.#functions.allReduce(inPlace, values, values.length, float, sum, world));
  }

  allGather(values: Float32Array): Float32Array {
    const all = new Float32Array(values.length * this.size);
    const { float, world } = this.#mpi;
    const { length } = values;
    this.#check('gathered over', this.#functions.allGather(values, length, float, all, length, float, world));
    return all;
  }

  broadcast(bytes: Uint8Array = new Uint8Array()): Uint8Array {
    const { byte, world } = this.#mpi;
    const send = (buffer: Uint8Array) => {
      this.#check('broadcast over', this.#functions.broadcast(buffer, buffer.length, byte, 0, world));
    };
    const length = new Float64Array([bytes.length]);
    send(new Uint8Array(length.buffer));
    // A copy, so that what is given stays as it is and what is returned belongs to the caller.
    const message = this.rank === 0 ? bytes.slice() : new Uint8Array(length[0]!);
    if (message.length > 0) send(message);
    return message;
  }

  barrier(): void {
    this.#check('waited for', this.#functions.barrier(this.#mpi.world));
  }

  agree(flag: boolean): boolean {
    const told = Float32Array.of(Number(flag));
    this.allReduce(told);
    return told[0]! > 0;
  }

  finish(): void {
    this.#check('ended', this.#functions.finalize());
  }
}

/** MPI can be started once in a process. */
let process: MpiProcess | undefined;

/**
 * The processes that a launcher started together with this one. MPI is started at the first call.
 * @param launch What the environment says of the launcher, from `launchOf`.
 * @param file The MPI library to load; the one of the launcher's family that is found when absent.
 * @throws GanKitError `backend` when there is no library, koffi is not installed, or the launcher belongs to another MPI than the library:
 *   every process would then believe to be alone, and train in the same folder.
 */
export function mpiCommunicator(launch: Launch, file?: string): MpiCommunicator {
  process ??= new MpiProcess(loadMpi(launch, file));
  if (process.size === launch.size) return process;
  throw new GanKitError(
    'backend',
    `The launcher started ${launch.size} processes, but the MPI library (${process.library}) knows of ${process.size}: the launcher belongs to ${launch.family}, or to another installation. Start with the mpirun of that library, or name the launcher's library in GANKIT_MPI_LIBRARY.`,
    { value: process.size },
  );
}
