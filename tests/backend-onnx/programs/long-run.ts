// Memory over many steps; the arguments are the step to start measuring from and the last step.
import * as tf from '@tensorflow/tfjs';
import { backendInfo } from '../../../packages/backend-onnx/src/index.ts';
import { trainingStep } from './step.ts';

const [from, to] = process.argv.slice(2).map(Number) as [number, number];
await tf.setBackend('onnx');
for (let step = 0; step < from; step++) trainingStep();
const measure = () => {
  globalThis.gc?.();
  return { tensors: tf.memory().numTensors, bytes: backendInfo().memory.inUse, resident: process.memoryUsage.rss() };
};
const before = measure();
for (let step = from; step < to; step++) trainingStep();
console.log(JSON.stringify({ before, after: measure() }));
