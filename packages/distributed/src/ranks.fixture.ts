// Runs the same function on several ranks at once, each a thread.
import { Worker } from 'node:worker_threads';
import { sharedMemory } from './shared-memory.ts';

/**
 * @param module The address of a module, `name` a function that it exports: `(input, communicator) => result`, all plain data.
 * @param numbers How much the threads can say at a time: little, so that messages go in parts.
 * @returns What each rank returned.
 */
export function onRanks<Result>(
  size: number,
  { module, name, input, numbers = 1000 }: { module: URL; name: string; input?: unknown; numbers?: number },
): Promise<Result[]> {
  const memory = sharedMemory(size, { numbers });
  const ranks = Array.from({ length: size }, (_, rank) => {
    return new Promise<Result>((done, failed) => {
      const worker = new Worker(new URL('./rank.fixture.mjs', import.meta.url), {
        workerData: { module: module.href, name, memory, rank, input },
      });
      worker.once('message', done);
      worker.once('error', failed);
      worker.once('exit', (code) => failed(new Error(`Rank ${rank} ended with ${code}.`)));
    });
  });
  return Promise.all(ranks);
}
