/** Many random cases of one kernel; the first that fails is made smaller and told. */
import { RandomStream } from '@gankit/core';
import { Draw } from './draw.ts';
import type { KernelProperty } from './kernel-case.ts';
import { faultOfCase, type RunOptions } from './run-case.ts';
import { replaced } from './shapes.ts';

export interface PropertyOptions extends RunOptions {
  readonly cases: number;
  readonly seed: number;
}

export interface Failure {
  readonly fault: string;
  readonly choices: readonly number[];
  readonly description: string;
}

/** Attempts at making a failing case smaller. */
const attempts = 300;

async function tryOut(property: KernelProperty, draw: Draw, options: RunOptions): Promise<Failure | undefined> {
  const kernelCase = property.generate(draw);
  const fault = await faultOfCase(kernelCase, options);
  if (fault === undefined) return undefined;
  const inputs = kernelCase.inputs.map(({ shape, dtype, data }) => {
    const values = Array.from(data.subarray(0, 16), (value) => Number(value.toPrecision(7))).join(' ');
    return `${dtype}[${shape.join()}](${values}${data.length > 16 ? ' ...' : ''})`;
  });
  const description = `${property.name} ${JSON.stringify(kernelCase.options ?? {})} of ${inputs.join(', ') || 'nothing'}`;
  return { fault, choices: draw.choices, description };
}

/** Smaller choices, one at a time: 0, half, one less. */
async function shrink(property: KernelProperty, failure: Failure, options: RunOptions): Promise<Failure> {
  let smallest = failure;
  let left = attempts;
  for (let progress = true; progress && left > 0; ) {
    progress = false;
    for (let i = 0; i < smallest.choices.length && left > 0; i++) {
      const choice = smallest.choices[i]!;
      for (const smaller of new Set([0, Math.floor(choice / 2), choice - 1])) {
        if (smaller < 0 || smaller >= choice || left-- <= 0) continue;
        const choices = replaced(smallest.choices, i, smaller);
        const found = await tryOut(property, Draw.again(choices), options);
        if (found === undefined) continue;
        smallest = found;
        progress = true;
        break;
      }
    }
  }
  return smallest;
}

/** Runs `cases` cases; returns how many ran, and the first failure in its smallest form. */
export async function runProperty(
  property: KernelProperty,
  options: PropertyOptions,
): Promise<{ cases: number; failure?: Failure }> {
  const random = new RandomStream(options.seed).fork(property.name);
  const cases = Math.ceil(options.cases * (property.share ?? 1));
  for (let i = 0; i < cases; i++) {
    const failure = await tryOut(property, Draw.from(random), options);
    if (failure !== undefined) return { cases: i + 1, failure: await shrink(property, failure, options) };
  }
  return { cases };
}
