// Every kernel that a network of the field can meet, over random dtypes and geometries, against its definition in float64.
import { availability } from '@gankit/backend-onnx';
import { selectBackend } from '@gankit/backends';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { kernelProperties } from './cases/index.ts';
import { compareEveryKernel } from './harness/every-kernel.ts';

const onnx = availability();
if (!onnx.available) console.warn(`kernels are not compared on onnx: ${onnx.reason}`);

const casesOfEach = 60;

test('there are enough cases', () => {
  const cases = kernelProperties.reduce((total, { share = 1 }) => total + casesOfEach * share, 0);
  expect(cases).toBeGreaterThan(5000);
});

describe.each([
  ['cpu', true],
  ['wasm', true],
  ['onnx', onnx.available],
] as const)('kernels on %s', (backendName, available) => {
  if (!available) return test.skip('not available here', () => undefined);
  beforeAll(async () => {
    await selectBackend({ prefer: backendName, fallback: false });
    expect(tf.getBackend()).toBe(backendName);
  });
  compareEveryKernel({ cases: casesOfEach, seed: 1, tolerance: 1e-5, guards: true });
});
