import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerKernels } from '../kernels/index.ts';
import { repairedGradients } from './index.ts';
import { gradientCases } from './table/cases/index.ts';
import { runGradientCase } from './table/run.ts';

describe.each(['cpu', 'wasm'])('gradients on %s', (backendName) => {
  beforeAll(async () => {
    await tf.setBackend(backendName);
  });

  it.each(gradientCases.map((gradientCase) => [gradientCase.op, gradientCase.variant, gradientCase] as const))(
    '%s %s: first and second order equal central differences in float64',
    async (_op, _variant, gradientCase) => {
      const before = tf.memory().numTensors;
      const row = await runGradientCase(gradientCase);
      expect(row).toMatchObject({ first: { state: 'right' }, second: { state: 'right' } });
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    },
  );
});

describe('the entry', () => {
  it('has registered everything by being imported', () => {
    expect(repairedGradients).toContain('Tanh');
    expect(new Set(repairedGradients).size).toBe(repairedGradients.length);
    expect(registerKernels()).toEqual([]);
  });
});
