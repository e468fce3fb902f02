// A thread that is one of several ranks: it runs a function of a TypeScript module and tells what comes back.
import { parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { module, name, memory, rank, input } = workerData;
const { sharedMemoryCommunicator } = await import('./shared-memory.ts');
const work = (await import(module))[name];
parentPort.postMessage(await work(input, sharedMemoryCommunicator(memory, rank)));
