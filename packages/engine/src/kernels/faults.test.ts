import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelFaults, kernelFaultsMarkdown, kernelTableIn } from './faults.ts';
import { repairs } from './index.ts';

describe('the table of kernels', () => {
  it('names every kernel of every backend that is replaced or added, and no other', () => {
    const told = kernelFaults.flatMap(({ kernels, backends }) =>
      kernels.flatMap((kernel) => backends.map((backend) => `${backend}/${kernel}`)),
    );
    const registered = repairs.map(({ backendName, kernelName }) => `${backendName}/${kernelName}`);
    expect(told.sort()).toEqual(registered.sort());
    expect(new Set(registered).size).toBe(registered.length);
  });

  it('stands in the README as `tsx packages/engine/kernel-table.ts --write` makes it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(kernelTableIn(readme)).toBe(kernelFaultsMarkdown());
  });
});
