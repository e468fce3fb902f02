/** examples/any-tfjs-program.ts, with few digits. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('any tfjs program', () => {
  it('trains on the native backend', () => {
    const program = join(import.meta.dirname, '../../examples/any-tfjs-program.ts');
    const output = execFileSync(process.execPath, ['--import', 'tsx', program], {
      encoding: 'utf8',
      env: { ...process.env, TRAIN: '2560', TEST: '1000', EPOCHS: '1' },
    });
    const result = JSON.parse(output.trim().split('\n').at(-1) as string) as { backend: string; accuracy: number };
    expect(result.backend).toBe('onnx');
    expect(result.accuracy).toBeGreaterThan(0.7);
  });
});
