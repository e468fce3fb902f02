// The parts of an InfoGAN code, as the conditioning draws them and as the head reads them back.
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';

/** What a code consists of: in the vector first the categorical parts, each one-hot, then the continuous numbers. */
export interface CodeSpecification {
  /** Numbers of choices of each categorical part, for example `[10]`; none by default. */
  readonly categorical?: readonly number[] | undefined;
  /** How many real numbers; 0 by default. */
  readonly continuous?: number | undefined;
}

/** The options of a specification, for whoever takes one as an option of its own. */
export const codeNames = { categorical: 'optional', continuous: 'optional' } as const;

/** @throws GanKitError `invalid-argument` for a part of the code that does not exist. */
export function checkCodeNames(who: string, codes: CodeSpecification): void {
  checkOptions(`${who}'s codes`, codes, codeNames);
}

/**
 * Checks a specification.
 * @returns The length of the code's vector.
 * @throws GanKitError `invalid-argument` for an empty code, or a part of fewer than 2 choices.
 */
export function codeLength({ categorical = [], continuous = 0 }: CodeSpecification): number {
  categorical.forEach((choices, index) => {
    checkInteger(`categorical[${index}]`, choices, 2);
  });
  checkInteger('continuous', continuous, 0);
  const length = categorical.reduce((sum, choices) => sum + choices, continuous);
  if (length > 0) return length;
  throw new GanKitError(
    'invalid-argument',
    'A code needs at least one part; give categorical, such as [10], or continuous, such as 2.',
  );
}
