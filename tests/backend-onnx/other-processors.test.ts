/**
 * The backend on processors without AVX512: an emulator that does not offer those instructions runs Node. ONNX Runtime then
 * takes other code, and the probe another width of channel blocks.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const EMULATOR = 'qemu-x86_64';
const canEmulate =
  process.platform === 'linux' && process.arch === 'x64' && spawnSync(EMULATOR, ['--version']).status === 0;
if (!canEmulate) console.log(`${EMULATOR} is not installed (Debian: qemu-user): other processors are not tested.`);

interface Answer {
  channelBlock: number;
  helperThreads: number;
  results: Record<string, string>;
}

const floats = (text: string): Float32Array => {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};

/** Root mean square of the difference, as a part of that of `expected`. */
function difference(found: string, expected: string): number {
  const [a, b] = [floats(found), floats(expected)];
  expect(a.length).toBe(b.length);
  const sum = (f: (i: number) => number) => b.reduce((total, _, i) => total + f(i), 0);
  return Math.sqrt(sum((i) => ((a[i] as number) - (b[i] as number)) ** 2) / sum((i) => (b[i] as number) ** 2));
}

describe.skipIf(!canEmulate)('on another processor', () => {
  // Beside the package's dependencies, so that the backend in the bundle finds koffi and onnxruntime-node.
  const folder = canEmulate
    ? mkdtempSync(join(import.meta.dirname, '../../packages/backend-onnx/node_modules/.other-'))
    : '';
  const program = join(folder, 'program.mjs');
  const environment = { ...process.env, GANKIT_ONNX_THREADS: '2' };
  let here: Answer;

  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, 'programs/other-processor.ts')],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['@tensorflow/tfjs'],
      logLevel: 'error',
    });
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    const output = execFileSync(process.execPath, [program], { env: environment, maxBuffer: 2 ** 26, stdio });
    here = JSON.parse(output.toString().trim().split('\n').at(-1) as string) as Answer;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['EPYC-Rome', 'AVX2'],
    ['Nehalem', 'SSE alone'],
  ])('%s (%s) computes what this one does, in threads', (cpu) => {
    const result = spawnSync(EMULATOR, ['-cpu', cpu, process.execPath, program], {
      encoding: 'utf8',
      env: environment,
      maxBuffer: 2 ** 26,
    });
    expect(result.status, result.stderr).toBe(0);
    const there = JSON.parse(result.stdout.trim().split('\n').at(-1) as string) as Answer;
    expect(there.channelBlock).toBe(8);
    expect(there.helperThreads).toBe(1);
    expect(Object.keys(there.results)).toEqual(Object.keys(here.results));
    for (const [name, values] of Object.entries(there.results)) {
      expect(difference(values, here.results[name] as string), name).toBeLessThan(3e-6);
    }
  });
});
