// What a thread that is one of several ranks does: it runs a function of a module and tells what comes back.
import { parentPort, workerData } from 'node:worker_threads';
import { sharedMemoryCommunicator } from './shared-memory.ts';

const { module, name, memory, rank, input } = workerData;
const work = (await import(module))[name];
parentPort!.postMessage(await work(input, sharedMemoryCommunicator(memory, rank)));
