// Every public function that takes options refuses a name that it does not know.
import { GanKitError, RandomStream } from '@gankit/core';
import { describe, expect, it } from 'vitest';
import * as losses from './index.ts';

const withoutOptions = [
  'gradientLength',
  'hinge',
  'inputGradient',
  'interpolate',
  'relativisticAverage',
  'relativisticPairing',
  'softmaxGan',
  'squaredError',
  'squaredInputGradient',
  'stopGradient',
  'wasserstein',
];

type OptionsFunction = (options?: object) => unknown;

const functions = Object.entries(losses).filter(
  ([name, value]) => typeof value === 'function' && !withoutOptions.includes(name),
) as unknown as [string, OptionsFunction][];

const call = (name: string, options: object) => {
  if (name === 'balanceByGradientRatio') return losses.balanceByGradientRatio(losses.lecam(), options);
  return (Object.fromEntries(functions)[name] as OptionsFunction)(options);
};

function errorOf(action: () => unknown): GanKitError {
  try {
    action();
  } catch (error) {
    if (GanKitError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('options', () => {
  it.each(functions)('of %s must have a name that it knows', (name) => {
    const { code, message } = errorOf(() => call(name, { zzz: 1 }));
    expect(code).toBe('invalid-argument');
    expect(message).toMatch(new RegExp(`^${name} has no option 'zzz'; its options are `));
  });

  it.each(functions)('of %s may all be undefined', (name) => {
    const [, names] = /its options are (.*)$/.exec(errorOf(() => call(name, { zzz: 1 })).message)!;
    const options = Object.fromEntries(names!.split(', ').map((option) => [option, undefined]));
    expect(() => call(name, options)).not.toThrow();
  });

  it('that take one of several words refuse another', () => {
    const wrong: readonly (() => unknown)[] = [
      () => losses.nonSaturating({ smoothing: 'one-side' as 'one-sided' }),
      () => losses.dualContrastive({ generatorObjective: 'swaped' as 'swapped' }),
      () => losses.fGan({ generatorObjective: 'orginal' as 'original' }),
      () => losses.featureMatching({ norm: 'l3' as 'l2' }),
      () => losses.featureMatching({ layers: 'lasst' as 'last' }),
      () => losses.historicalAveraging({ player: 'generater' as 'generator' }),
      () => losses.latentConsistency({ player: 'generater' as 'generator' }),
      () => losses.clipWeights({ player: 'generater' as 'generator' }),
    ];
    for (const action of wrong) expect(errorOf(action)).toMatchObject({ code: 'unknown-name' });
    expect(errorOf(wrong[0]!).message).toBe("There is no smoothing named 'one-side'; did you mean 'one-sided'?");
  });

  it('leave the caller’s stream where it was: flips are drawn from a fork', () => {
    const random = new RandomStream(1);
    const before = random.saveState();
    losses.nonSaturating({ labelFlipping: 0.5, random });
    expect(random.saveState()).toEqual(before);
  });
});
