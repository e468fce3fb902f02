/**
 * The gradient table on cpu and wasm, twice: stock TensorFlow.js fails it at known places, so it can fail; and with the
 * repairs, which this file imports only after the stock run (each test file has a process of its own), every case is right.
 */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradientCases } from './table/cases/index.ts';
import { type BackendRows, gradientTableMarkdown, summary, tableIn } from './table/markdown.ts';
import { type GradientRow, runGradientCase, runGradientTable } from './table/run.ts';

const backendNames = ['cpu', 'wasm'];
const stock: BackendRows[] = [];
const ours: BackendRows[] = [];

const stockRows = (name: string) => stock.find(({ backendName }) => backendName === name)!.rows;

describe('stock TensorFlow.js', () => {
  beforeAll(async () => {
    for (const backendName of backendNames) stock.push({ backendName, rows: await runGradientTable(backendName) });
  }, 600_000);

  it.each(['tanh', 'sigmoid', 'exp', 'softmax', 'logSoftmax', 'layers.activation swish', 'layers.activation mish'])(
    'gives a wrong second derivative of %s without an error',
    (op) => {
      expect(summary(stockRows('cpu'), op, 'first')).toBe('right');
      expect(summary(stockRows('cpu'), op, 'second')).toBe('**wrong**');
    },
  );

  it.each(['leakyRelu', 'elu', 'selu', 'prelu', 'relu6', 'clipByValue', 'logSumExp', 'maxPool', 'avgPool'])(
    'has no second derivative of %s',
    (op) => {
      expect(summary(stockRows('cpu'), op, 'second')).toBe('*throws*');
    },
  );

  it('trains no convolution on wasm, and mistrains nearest upsampling of a batch on cpu', () => {
    expect(summary(stockRows('wasm'), 'conv2d', 'first')).toBe('*throws*');
    expect(summary(stockRows('cpu'), 'layers.upSampling2d', 'first')).toBe('**wrong**');
  });

  it('is right where nothing was repaired: the references hold', () => {
    for (const op of ['add', 'softplus', 'moments', 'concat', 'slice', 'losses.meanSquaredError']) {
      expect(summary(stockRows('cpu'), op, 'first')).toBe('right');
      expect(summary(stockRows('cpu'), op, 'second')).toBe('right');
    }
  });
});

describe('with the repairs', () => {
  beforeAll(async () => {
    await import('./index.ts');
  });

  describe.each(backendNames)('on %s', (backendName) => {
    const rows: GradientRow[] = [];
    beforeAll(async () => {
      await tf.setBackend(backendName);
    });
    afterAll(() => {
      ours.push({ backendName, rows });
    });

    it.each(gradientCases.map((gradientCase) => [gradientCase.op, gradientCase.variant, gradientCase] as const))(
      '%s %s: first and second order equal central differences in float64',
      async (_op, _variant, gradientCase) => {
        const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
        const row = await runGradientCase(gradientCase);
        rows.push(row);
        expect(row).toMatchObject({ first: { state: 'right' }, second: { state: 'right' } });
        const after = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
        expect(after, 'tensors, and buffers of the backend, left behind').toEqual(before);
      },
    );
  });
});

describe('the README', () => {
  it('shows the table as `tsx packages/engine/gradient-table.ts --write` makes it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(tableIn(readme)).toBe(gradientTableMarkdown(stock, ours));
  });
});
