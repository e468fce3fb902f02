// The backend in two worker threads and the main thread at once.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '../../../packages/backend-onnx/src/index.ts';
import { trainingStep } from './step.ts';

async function steps(): Promise<number[]> {
  await tf.setBackend('onnx');
  return Array.from({ length: 5 }, () => trainingStep());
}

if (isMainThread) {
  const inWorker = () =>
    new Promise<number[]>((resolve, reject) => {
      // A worker does not inherit the TypeScript loader on every version of Node.
      const source = `import('tsx/esm/api').then(({ register }) => (register(), import(${JSON.stringify(import.meta.url)})))`;
      const worker = new Worker(source, { eval: true });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const results = await Promise.all([inWorker(), inWorker(), steps()]);
  console.log(JSON.stringify(results));
} else {
  parentPort?.postMessage(await steps());
}
