// Runs the same function on several ranks at once, each a thread.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { sharedMemory } from './shared-memory.ts';

/** Threads do not take over what reads TypeScript here. */
const start = `
  const { workerData } = require('node:worker_threads');
  import(workerData.reader).then(({ register }) => {
    register();
    return import(workerData.rankModule);
  });
`;

// The form for `import` stands beside the one for `require`, which cannot be used in a thread.
const reader = pathToFileURL(
  createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs'),
).href;
const rankModule = new URL('./rank.fixture.ts', import.meta.url).href;

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
      const worker = new Worker(start, {
        eval: true,
        workerData: { reader, rankModule, module: module.href, name, memory, rank, input },
      });
      worker.once('message', done);
      worker.once('error', failed);
      worker.once('exit', (code) => failed(new Error(`Rank ${rank} ended with ${code}.`)));
    });
  });
  return Promise.all(ranks);
}
