/** Runs the benchmarks and, when all of them ran, writes docs/performance.md. */

import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { backendInfo } from '@gankit/backend-onnx';
import * as tf from '@tensorflow/tfjs';
import { run as browser } from './browser.ts';
import { run as callOverhead } from './call-overhead.ts';
import { run as data } from './data.ts';
import { run as dcgan28 } from './dcgan-28.ts';
import { run as distributed } from './distributed.ts';
import { run as metrics } from './metrics.ts';
import { run as mlp } from './mlp.ts';
import type { Section } from './section.ts';
import { run as snganResnet } from './sngan-resnet.ts';
import { run as trainerOverhead } from './trainer-overhead.ts';
import { run as wganGp } from './wgan-gp.ts';

const benchmarks: Record<string, () => Promise<Section>> = {
  'dcgan-28': dcgan28,
  mlp,
  'call-overhead': callOverhead,
  'sngan-resnet': snganResnet,
  'wgan-gp': wganGp,
  'trainer-overhead': trainerOverhead,
  metrics,
  distributed,
  browser,
  data,
};

/** @param names the benchmarks to run; all when empty */
export async function runBenchmarks(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in benchmarks));
  if (unknown.length > 0) {
    throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
  }
  await tf.setBackend('onnx');
  const info = backendInfo();
  const processors = cpus();
  const report = [
    '# Performance',
    '',
    'Written by `pnpm bench`. Contestants run in turn within one run; the figures are medians, the ratios are to PyTorch at its',
    'best setting on few cores (two threads of its own, `OPENBLAS_NUM_THREADS=1`). Lower is better.',
    '',
    `- Machine: ${processors[0]?.model.trim()}, ${processors.length} processors, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}-${process.arch}`,
    `- Node ${process.versions.node}, TensorFlow.js ${info.versions.tfjs}, ONNX Runtime ${info.versions.onnxRuntime}, koffi ${info.versions.koffi}; ` +
      `${info.threads} threads, channel blocks of ${info.channelBlock}`,
    '',
  ];
  for (const name of names.length === 0 ? Object.keys(benchmarks) : names) {
    const section = await (benchmarks[name] as () => Promise<Section>)();
    await tf.setBackend('onnx');
    const text = [`## ${section.title}`, '', ...section.lines, ''];
    console.log(text.join('\n'));
    report.push(...text);
  }
  if (names.length === 0) writeFileSync(join(import.meta.dirname, '../docs/performance.md'), report.join('\n'));
}
