// Training beside the page: a worker trains on each backend, to the numbers of the others.
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { expect, it } from 'vitest';
import type { Answer, Order } from './train.worker.ts';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
};
const steps = 5;

function trained(backend: Order['backend']): Promise<(number | undefined)[][]> {
  const worker = new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module' });
  const lines: (number | undefined)[][] = [];
  return new Promise<(number | undefined)[][]>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if ('numbers' in data) lines.push(data.numbers);
      else if ('backend' in data && data.backend === backend) resolve(lines);
      else reject(new Error(JSON.stringify(data)));
    };
    worker.postMessage({ backend, wasmPaths, steps } satisfies Order);
  }).finally(() => worker.terminate());
}

it('a worker trains on every backend, and all agree', async () => {
  const expected = await trained('cpu');
  expect(expected).toHaveLength(steps);
  for (const backend of ['wasm', 'webgl', 'webgpu'] as const) {
    const actual = await trained(backend);
    actual.forEach((numbers, step) => {
      numbers.forEach((value, index) => {
        expect(value, `${backend}, step ${step + 1}`).toBeCloseTo(expected[step]![index]!, 2);
      });
    });
  }
});
