// onnxruntime-node's own API and the backend in one process; `first` says which comes first.
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs';
import { backendInfo } from '../../../packages/backend-onnx/src/index.ts';
import { encodeModel, singleOperator } from '../../../packages/backend-onnx/src/onnx/model.ts';
import { trainingStep } from './step.ts';

interface OnnxRuntimeNode {
  InferenceSession: {
    create(model: Uint8Array): Promise<{ run(feeds: object): Promise<{ o0: { data: Float32Array } }> }>;
  };
  Tensor: new (type: string, data: Float32Array, dims: number[]) => object;
}

const require = createRequire(new URL('../../../packages/backend-onnx/package.json', import.meta.url));
const api = require('onnxruntime-node') as OnnxRuntimeNode;

async function useApi(): Promise<number[]> {
  const session = await api.InferenceSession.create(encodeModel(singleOperator('Abs', [1], [1])));
  const { o0 } = await session.run({ i0: new api.Tensor('float32', Float32Array.of(-1, 2, -3), [3]) });
  return Array.from(o0.data);
}

const before = process.argv[2] === 'api' ? await useApi() : [];
const usable = await tf.setBackend('onnx');
const loss = trainingStep();
const after = await useApi();
const again = trainingStep();
console.log(JSON.stringify({ usable, before, after, loss, again, sharedThreads: backendInfo().sharedThreads }));
