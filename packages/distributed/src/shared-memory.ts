// Processes that are threads of one process and talk through memory that they share: for tests, and where there is no MPI.
import { type Communicator, checkInteger, checkOptions, GanKitError } from '@gankit/core';

/** What is shared: hand it to every thread, as `workerData` for example. */
export interface SharedMemory {
  /** How many threads there are. */
  readonly size: number;
  readonly buffer: SharedArrayBuffer;
}

export interface SharedMemoryOptions {
  /** Numbers that a thread can say at a time; longer messages go in several parts. 262,144 (1 MiB for each thread) when absent. */
  readonly numbers?: number | undefined;
}

/** How many have arrived at the meeting, and the number of the meeting. */
const [arrived, meeting] = [0, 1];
const controlBytes = 8;

/** Milliseconds after which whoever waits for the others gives them up. */
const patience = 120_000;

/**
 * Memory for `size` threads.
 * @throws GanKitError `invalid-argument` for a size or a number of numbers below 1.
 */
export function sharedMemory(size: number, options: SharedMemoryOptions = {}): SharedMemory {
  checkOptions('sharedMemory', options, { numbers: 'optional' });
  const { numbers = 262_144 } = options;
  checkInteger('size', size);
  checkInteger('numbers', numbers);
  return { size, buffer: new SharedArrayBuffer(controlBytes + size * numbers * Float32Array.BYTES_PER_ELEMENT) };
}

class SharedMemoryCommunicator implements Communicator {
  readonly rank: number;
  readonly size: number;
  readonly #control: Int32Array;
  /** A place for each thread. */
  readonly #places: readonly Float32Array[];

  constructor({ size, buffer }: SharedMemory, rank: number) {
    this.rank = rank;
    this.size = size;
    this.#control = new Int32Array(buffer, 0, 2);
    const numbers = (buffer.byteLength - controlBytes) / size / Float32Array.BYTES_PER_ELEMENT;
    this.#places = Array.from({ length: size }, (_, place) => {
      return new Float32Array(buffer, controlBytes + place * numbers * Float32Array.BYTES_PER_ELEMENT, numbers);
    });
  }

  barrier(): void {
    const control = this.#control;
    const number = Atomics.load(control, meeting);
    if (Atomics.add(control, arrived, 1) === this.size - 1) {
      Atomics.store(control, arrived, 0);
      Atomics.add(control, meeting, 1);
      Atomics.notify(control, meeting);
      return;
    }
    while (Atomics.load(control, meeting) === number) {
      if (Atomics.wait(control, meeting, number, patience) !== 'timed-out') continue;
      throw new GanKitError(
        'conflict',
        `Thread ${this.rank} of ${this.size} has waited ${patience / 1000} seconds for the others; one of them has ended or does something else.`,
      );
    }
  }

  /** Shows part after part of the values to all; `read` looks at what the threads say from `start` on. */
  #exchange(values: Float32Array, read: (start: number, count: number) => void): void {
    const capacity = this.#places[0]!.length;
    for (let start = 0; start < values.length; start += capacity) {
      const part = values.subarray(start, start + capacity);
      this.#places[this.rank]!.set(part);
      this.barrier();
      read(start, part.length);
      // Nobody writes again before all have read.
      this.barrier();
    }
  }

  allReduce(values: Float32Array): void {
    this.#exchange(values, (start, count) => {
      for (let index = 0; index < count; index++) {
        let sum = 0;
        for (const place of this.#places) sum += place[index]!;
        values[start + index] = sum;
      }
    });
  }

  allGather(values: Float32Array): Float32Array {
    const all = new Float32Array(values.length * this.size);
    this.#exchange(values, (start, count) => {
      for (const [rank, place] of this.#places.entries()) {
        all.set(place.subarray(0, count), rank * values.length + start);
      }
    });
    return all;
  }

  broadcast(bytes: Uint8Array = new Uint8Array()): Uint8Array {
    const ofRank0 = this.rank === 0 ? bytes : new Uint8Array();
    const length = Float32Array.of(Math.floor(ofRank0.length / 65536), ofRank0.length % 65536);
    this.allReduce(length);
    const count = length[0]! * 65536 + length[1]!;
    const sent = new Uint8Array(Math.ceil(count / 4) * 4);
    sent.set(ofRank0);
    const received = new Uint8Array(sent.length);
    this.#exchange(new Float32Array(sent.buffer), (start, part) => {
      const place = this.#places[0]!;
      received.set(new Uint8Array(place.buffer, place.byteOffset, part * 4), start * 4);
    });
    return received.subarray(0, count);
  }

  agree(flag: boolean): boolean {
    const told = Float32Array.of(Number(flag));
    this.allReduce(told);
    return told[0]! > 0;
  }
}

/**
 * One thread's side of shared memory. Every thread makes one, with a rank of its own; the main thread of Node may be one of them. Threads
 * wait for each other without using the processor, and whoever waits two minutes gives up with an error.
 * @throws GanKitError `invalid-argument` for a rank that is not from 0 to size - 1.
 */
export function sharedMemoryCommunicator(memory: SharedMemory, rank: number): Communicator {
  checkInteger('rank', rank, 0);
  if (rank < memory.size) return new SharedMemoryCommunicator(memory, rank);
  throw new GanKitError('invalid-argument', `rank ${rank} of ${memory.size} threads does not exist; count from 0.`, {
    value: rank,
  });
}
