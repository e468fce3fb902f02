// Fills the tensor memory; the error is caught and work goes on.
import * as tf from '@tensorflow/tfjs';
import { backendInfo, configure, OnnxBackendError } from '../../../packages/backend-onnx/src/index.ts';
import { trainingStep } from './step.ts';

configure({ memoryMegabytes: 64, threads: 1 });
await tf.setBackend('onnx');
const held: tf.Tensor[] = [];
let message = '';
try {
  for (let i = 0; i < 100; i++) held.push(tf.tidy(() => tf.add(tf.ones([1024, 1024]), 1)));
} catch (error) {
  message = OnnxBackendError.isInstance(error) ? error.message : `unexpected: ${error}`;
}
tf.dispose(held);
const { memory, threads } = backendInfo();
console.log(JSON.stringify({ message, held: held.length, loss: trainingStep(), limit: memory.limit, threads }));
