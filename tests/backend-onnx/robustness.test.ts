/** What must not bring a process down: each case runs in a process of its own. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function run(program: string, args: string[] = [], environment: Record<string, string> = {}, nodeArgs: string[] = []) {
  const path = join(import.meta.dirname, 'programs', program);
  const result = spawnSync(process.execPath, [...nodeArgs, '--import', 'tsx', path, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  const last = result.stdout.trim().split('\n').at(-1) ?? '';
  return { ...result, answer: last.startsWith('{') || last.startsWith('[') ? JSON.parse(last) : last };
}

describe('beside the API of onnxruntime-node', () => {
  it.each([
    ['api', false],
    ['backend', true],
  ])('works when the %s comes first', (first, sharedThreads) => {
    const { answer, stderr } = run('beside-onnxruntime-node.ts', [first]);
    expect(answer, stderr).toMatchObject({ usable: true, after: [1, 2, 3], sharedThreads });
    expect(answer.loss).toBeGreaterThan(0);
    expect(answer.again).toBeCloseTo(answer.loss, 4);
  });
});

describe('two copies of the package', () => {
  it('serve one program: the first registers, both know its backend and errors', () => {
    const { answer, status, stderr } = run('two-copies.ts');
    expect(status, stderr).toBe(0);
    expect(answer).toEqual({
      different: true,
      usable: true,
      sameInfo: true,
      sum: [3, 0],
      available: true,
      error: true,
    });
  });
});

describe('worker threads', () => {
  it('compute what the main thread computes', () => {
    const { answer, status, stderr } = run('workers.ts');
    expect(status, stderr).toBe(0);
    expect(answer).toHaveLength(3);
    expect(answer[1]).toEqual(answer[0]);
    expect(answer[2]).toEqual(answer[0]);
  });
});

describe('exit in the middle of a step', () => {
  it('ends the process with its own code', () => {
    const { status, signal, stdout, stderr } = run('exit-in-step.ts');
    expect({ status, signal, stderr }).toEqual({ status: 3, signal: null, stderr: '' });
    expect(stdout.trim()).toBe('leaving');
  });
});

describe('exit while threads start', () => {
  // Stopped in the middle of loading koffi, a thread would end the process with a signal, though not every time.
  it('waits for them', () => {
    const { answer, status, stderr } = run('exit-while-starting.ts', [], { GANKIT_ONNX_THREADS: '3' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(answer).toEqual({ before: 0, during: 0, after: 2 });
  });
});

describe('out of memory', () => {
  it('names the tensor and what is in use, and leaves the backend usable', () => {
    const { answer, stderr } = run('out-of-memory.ts');
    expect(answer.message, stderr).toMatch(
      /^Out of tensor memory: float32 \[1024,1024\] needs 4\.0 MiB, but \d+\.\d MiB of 64\.0 MiB are in use by \d+ tensors/,
    );
    expect(answer.held).toBeGreaterThan(10);
    expect(answer.loss).toBeGreaterThan(0);
    expect(answer).toMatchObject({ limit: 64 * 2 ** 20, threads: 1 });
  });
});

describe('missing packages', () => {
  it.each(['koffi', 'onnxruntime-node'])('%s: says so, and other backends work', (name) => {
    const { answer, stderr } = run('without-packages.ts', [name]);
    expect(answer, stderr).toMatchObject({ usable: false, availability: { available: false }, sum: 3 });
    const advice = new RegExp(`npm install (--ignore-scripts )?${name}`);
    expect(answer.availability.reason).toMatch(advice);
    expect(answer.warnings.join('\n')).toMatch(advice);
  });
});

describe('environment variables', () => {
  it('with a senseless value are refused by name', () => {
    const { answer, stderr } = run('without-packages.ts', ['none'], { GANKIT_ONNX_THREADS: 'many' });
    expect(answer.availability, stderr).toEqual({
      available: false,
      reason: 'GANKIT_ONNX_THREADS is "many"; give a whole number.',
    });
  });
});

describe('a long run', () => {
  it('holds its memory: tensors exactly, and the resident set but for what the system keeps back', () => {
    // Before step 2000 V8 still compiles and makes room, 10 % and then no more. One leaked tensor a step would add 20 % and more.
    const { answer, stderr } = run('long-run.ts', ['2000', '3500'], {}, ['--expose-gc']);
    expect(answer?.after, stderr).toMatchObject({ tensors: answer.before.tensors, bytes: answer.before.bytes });
    expect(answer.after.resident).toBeLessThan(answer.before.resident * 1.1);
  });
});
