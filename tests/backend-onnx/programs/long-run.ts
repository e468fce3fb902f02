// Memory over many steps; the arguments are the step to start measuring from and the last step.
import * as tf from '@tensorflow/tfjs';
import { backendInfo } from '../../../packages/backend-onnx/src/index.ts';
import { trainingStep } from './step.ts';

const [from, to] = process.argv.slice(2).map(Number) as [number, number];
await tf.setBackend('onnx');
for (let step = 0; step < from; step++) trainingStep();

/**
 * The resident set, less the pages that V8 has for young objects and does not use: it takes more of them as it sees fit, tens of
 * megabytes at a time. It still moves with the garbage that happens to wait: the least of ten looks.
 */
async function measure(): Promise<{ tensors: number; bytes: number; resident: number }> {
  let resident = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 10; look++) {
    for (let step = 0; step < 10; step++) trainingStep();
    globalThis.gc?.();
    // Array buffers are swept on another thread.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    resident = Math.min(resident, rss - (heapTotal - heapUsed));
  }
  return { tensors: tf.memory().numTensors, bytes: backendInfo().memory.inUse, resident };
}

const before = await measure();
for (let step = from; step < to; step++) trainingStep();
console.log(JSON.stringify({ before, after: await measure() }));
