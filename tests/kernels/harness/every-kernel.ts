/** The tests of one backend: one for each kernel, and one that counts. */
import { expect, test } from 'vitest';
import { kernelProperties } from '../cases/index.ts';
import { type PropertyOptions, runProperty } from './run-property.ts';

export function compareEveryKernel(options: PropertyOptions): void {
  test.each(kernelProperties.map((property) => [property.name, property] as const))('%s', async (_name, property) => {
    const { failure } = await runProperty(property, options);
    if (failure !== undefined) {
      expect.fail(`${failure.description}: ${failure.fault}\n(choices ${failure.choices.join(' ')})`);
    }
  });
}
