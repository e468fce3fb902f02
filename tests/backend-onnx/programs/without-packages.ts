// As if koffi or onnxruntime-node (the argument) were not installed.
import Module from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { availability } from '../../../packages/backend-onnx/src/index.ts';

const missing = process.argv[2] as string;
const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
const resolve = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) => {
  if (request === missing || request.startsWith(`${missing}/`)) throw new Error(`Cannot find module '${request}'`);
  return resolve.call(Module, request, ...rest);
};
const warnings: string[] = [];
console.warn = (...parts: unknown[]) => warnings.push(parts.join(' '));
const usable = await tf.setBackend('onnx');
await tf.setBackend('cpu');
const sum = tf.tidy(() => tf.add(1, 2).dataSync()[0]);
console.log(JSON.stringify({ usable, availability: availability(), warnings, sum }));
