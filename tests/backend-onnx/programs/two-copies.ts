// Imports the package, and a copy of it, into one process.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import * as first from '../../../packages/backend-onnx/src/index.ts';

const root = fileURLToPath(new URL('../../../packages/backend-onnx/', import.meta.url));
const folder = `${root}node_modules/.cache/copy-${process.pid}`;
cpSync(`${root}src`, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
try {
  const second = (await import(pathToFileURL(`${folder}/index.ts`).href)) as typeof first;
  const usable = await tf.setBackend('onnx');
  const [one, two] = [first.backendInfo(), second.backendInfo()];
  const sum = tf.tidy(() =>
    Array.from(second.biasActivation(tf.tensor2d([[1, -5]]), tf.tensor1d([2, 1]), 'relu').dataSync()),
  );
  let error = false;
  try {
    second.configure({ threads: -1 });
  } catch (caught) {
    error = first.OnnxBackendError.isInstance(caught);
  }
  console.log(
    JSON.stringify({
      different: first.backendInfo !== second.backendInfo,
      usable,
      sameInfo: one.library === two.library && one.memory.limit === two.memory.limit,
      sum,
      available: second.availability().available,
      error,
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
