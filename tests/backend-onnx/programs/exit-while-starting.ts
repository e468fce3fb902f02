// Leaves right after the backend has begun to start its threads.
import * as tf from '@tensorflow/tfjs';
import { backendInfo } from '../../../packages/backend-onnx/src/index.ts';

await tf.setBackend('onnx');
const before = backendInfo().helperThreads;
tf.relu(tf.ones([1000, 1000]));
const during = backendInfo().helperThreads;
process.on('exit', () => console.log(JSON.stringify({ before, during, after: backendInfo().helperThreads })));
