// Memory of 5,000 steps of a trainer whose parts hold tensors: a replay buffer, an average, moving averages of a penalty.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('programs/long-run.ts', import.meta.url));

test('5,000 steps hold as many tensors as 100, and the resident set within 5 %', () => {
  const output = execFileSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', program, ...['100', '500', '5000']],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [early, settled, late] = JSON.parse(output) as { tensors: number; resident: number }[];
  expect(late!.tensors).toBe(early!.tensors);
  // What the system and V8 keep back moves by several percent in both directions in the first hundreds of steps.
  expect(late!.resident).toBeLessThan(1.05 * Math.max(early!.resident, settled!.resident));
});
