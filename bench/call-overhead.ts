/** What a small operation costs above tfjs's cpu backend, and how soon after the start of a process the first step is done. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { inProcess, median, runInTurn } from './in-turn.ts';
import type { Section } from './section.ts';

const CALLS = 2000;
const STARTS = 3;

export async function run(): Promise<Section> {
  const operations = {
    'add of 16 numbers': (a: tf.Tensor2D) => tf.add(a, a),
    'relu of 16 numbers': (a: tf.Tensor2D) => tf.relu(a),
    'matMul of 4 x 4': (a: tf.Tensor2D) => tf.matMul(a, a),
  };
  const lines = ['| operation | cpu, microseconds | onnx | more |', '|---|---|---|---|'];
  for (const [name, operation] of Object.entries(operations)) {
    const onBackend = async (backend: string) => {
      await tf.setBackend(backend);
      const a = tf.ones([4, 4]) as tf.Tensor2D;
      const calls = () => {
        for (let i = 0; i < CALLS; i++) operation(a).dispose();
      };
      const [standing] = await runInTurn([inProcess(backend, calls)], { rounds: 5, steps: 2, warmUp: 2, seconds: 10 });
      a.dispose();
      return (1000 * (standing?.median ?? Number.NaN)) / CALLS;
    };
    const [cpu, onnx] = [await onBackend('cpu'), await onBackend('onnx')];
    lines.push(`| ${name} | ${cpu.toFixed(2)} | ${onnx.toFixed(2)} | ${(onnx - cpu).toFixed(2)} |`);
  }
  const starts = Array.from({ length: STARTS }, () => {
    const begin = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'programs/first-step.ts')],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`first-step.ts failed: ${stderr}`);
    return performance.now() - begin;
  });
  lines.push(
    '',
    `From the start of a process to the end of its first DCGAN-28 step: ${(median(starts) / 1000).toFixed(2)} s.`,
  );
  return { title: 'Small operations, and the first step', lines };
}
