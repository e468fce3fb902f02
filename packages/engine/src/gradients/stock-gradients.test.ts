/**
 * Stock TensorFlow.js fails the gradient table at known places, so the table can fail; and the README shows what it gives.
 * This file imports the repairs only after the stock run: each test file has a process of its own.
 */
import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BackendRows, gradientTableMarkdown, summary, tableIn } from './table/markdown.ts';
import { runGradientTable } from './table/run.ts';

async function run(): Promise<BackendRows[]> {
  const results: BackendRows[] = [];
  for (const backendName of ['cpu', 'wasm']) {
    results.push({ backendName, rows: await runGradientTable(backendName) });
  }
  return results;
}

let stock: BackendRows[];
let ours: BackendRows[];

beforeAll(async () => {
  stock = await run();
  await import('./index.ts');
  ours = await run();
}, 120_000);

const rowsOf = (backends: readonly BackendRows[], name: string) =>
  backends.find(({ backendName }) => backendName === name)!.rows;

describe('stock TensorFlow.js', () => {
  it.each(['tanh', 'sigmoid', 'exp', 'softmax', 'logSoftmax', 'layers.activation swish', 'layers.activation mish'])(
    'gives a wrong second derivative of %s without an error',
    (op) => {
      expect(summary(rowsOf(stock, 'cpu'), op, 'first')).toBe('right');
      expect(summary(rowsOf(stock, 'cpu'), op, 'second')).toBe('**wrong**');
    },
  );

  it.each(['leakyRelu', 'elu', 'selu', 'prelu', 'relu6', 'clipByValue', 'logSumExp', 'maxPool', 'avgPool'])(
    'has no second derivative of %s',
    (op) => {
      expect(summary(rowsOf(stock, 'cpu'), op, 'second')).toBe('*throws*');
    },
  );

  it('trains no convolution on wasm, and mistrains nearest upsampling of a batch on cpu', () => {
    expect(summary(rowsOf(stock, 'wasm'), 'conv2d', 'first')).toBe('*throws*');
    expect(summary(rowsOf(stock, 'cpu'), 'layers.upSampling2d', 'first')).toBe('**wrong**');
  });

  it('is right where nothing was repaired: the references hold', () => {
    for (const op of ['add', 'softplus', 'moments', 'concat', 'slice', 'losses.meanSquaredError']) {
      expect(summary(rowsOf(stock, 'cpu'), op, 'first')).toBe('right');
      expect(summary(rowsOf(stock, 'cpu'), op, 'second')).toBe('right');
    }
  });
});

describe('the README', () => {
  it('shows the table as `tsx packages/engine/gradient-table.ts --write` makes it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(tableIn(readme)).toBe(gradientTableMarkdown(stock, ours));
  });
});
