// The gradient table on the native backend; where its library cannot be loaded the reason is printed and nothing runs.
import { availability } from '@gankit/backend-onnx';
import '@gankit/engine/gradients';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientCases } from '../../packages/engine/src/gradients/table/cases/index.ts';
import { runGradientCase } from '../../packages/engine/src/gradients/table/run.ts';

const onnx = availability();
if (!onnx.available) console.warn(`the gradient table is not run on onnx: ${onnx.reason}`);

describe.skipIf(!onnx.available)('gradients on onnx', () => {
  beforeAll(async () => {
    expect(await tf.setBackend('onnx')).toBe(true);
  });

  test.each(gradientCases.map((gradientCase) => [gradientCase.op, gradientCase.variant, gradientCase] as const))(
    '%s %s',
    async (_op, _variant, gradientCase) => {
      const before = tf.memory().numTensors;
      const row = await runGradientCase(gradientCase);
      expect(row).toMatchObject({ first: { state: 'right' }, second: { state: 'right' } });
      expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
    },
  );
});
