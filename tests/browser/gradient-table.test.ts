// The gradient table in a real browser, on the kernels that run there: nothing is forwarded to the cpu backend.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import '@gankit/engine/gradients';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientCases } from '../../packages/engine/src/gradients/table/cases/index.ts';
import { runGradientCase } from '../../packages/engine/src/gradients/table/run.ts';
import { wasmPaths } from './wasm-paths.ts';

beforeAll(() => {
  setWasmPaths(wasmPaths);
  tf.env().set('WEBGL_CPU_FORWARD', false);
  tf.env().set('WEBGPU_CPU_FORWARD', false);
});

describe.each(['wasm', 'webgl', 'webgpu'])('gradients on %s', (backendName) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backendName)).toBe(true);
    await tf.ready();
  });

  test.each(gradientCases.map((gradientCase) => [gradientCase.op, gradientCase.variant, gradientCase] as const))(
    '%s %s',
    async (_op, _variant, gradientCase) => {
      expect(tf.getBackend()).toBe(backendName);
      const row = await runGradientCase(gradientCase);
      expect(row).toMatchObject({ first: { state: 'right' }, second: { state: 'right' } });
    },
  );
});
