/** tfjs-core's own specs of its operations, on this backend: it passes what the cpu backend passes. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Specs that pass on cpu and not here, each with its reason. Keep it short. */
const exceptions: Record<string, string> = {
  'Switching cpu backends native {} Move data from cpu1 to cpu2 backend':
    'is declared for the cpu backend alone: it registers that backend twice',
  'Switching cpu backends native {} can execute op with data from mixed backends':
    'is declared for the cpu backend alone: it registers that backend twice',
};

interface SpecResult {
  passed: number;
  failed: { name: string; message: string }[];
  names: string[];
}

function run(backend: string): SpecResult {
  const output = execFileSync(process.execPath, [join(import.meta.dirname, 'run-op-specs.mjs'), backend], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(output) as SpecResult;
}

describe('the specs of tfjs-core', () => {
  it('pass on onnx wherever they pass on cpu', () => {
    const cpu = run('cpu');
    const onnx = run('onnx');
    expect(onnx.failed).toEqual([]);
    const passed = new Set(onnx.names);
    const missing = cpu.names.filter((name) => !passed.has(name));
    expect(missing.sort()).toEqual(Object.keys(exceptions).sort());
    expect(onnx.passed).toBeGreaterThan(4200);
  });
});
