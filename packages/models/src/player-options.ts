// The options that mean the same in every architecture, so that swapping one for another is one word.
import { GanKitError, type RandomStream } from '@gankit/core';

/** What every generator function takes. */
export interface GeneratorOptions {
  /** Shape of one sample without the batch axis: `[2]` for a point, `[28, 28, 1]` for an image. */
  readonly outputShape: readonly number[];
  /**
   * Where the starting weights come from, and whatever it draws later. It draws from a fork under its own name (`mlp-generator`), so that
   * the stream is not moved and both players may be made of one.
   */
  readonly random: RandomStream;
}

/** What every discriminator function takes. */
export interface DiscriminatorOptions {
  /** Shape of one sample without the batch axis: `[2]` for a point, `[28, 28, 1]` for an image. */
  readonly inputShape: readonly number[];
  /**
   * Where the starting weights come from. It draws from a fork under its own name (`mlp-discriminator`), so that the stream is not moved
   * and both players may be made of one.
   */
  readonly random: RandomStream;
}

/** The names of {@link GeneratorOptions}, for `checkOptions`. */
export const generatorNames = { outputShape: 'required', random: 'required' } as const;

/** The names of {@link DiscriminatorOptions}, for `checkOptions`. */
export const discriminatorNames = { inputShape: 'required', random: 'required' } as const;

/**
 * Checks that at most one of two options is given that say the same in two ways.
 * @throws GanKitError `incompatible` when both are.
 */
export function checkEither<T extends object>(options: T, first: keyof T & string, second: keyof T & string): void {
  if (options[first] === undefined || options[second] === undefined) return;
  throw new GanKitError('incompatible', `'${first}' says already what '${second}' would say; give one of the two.`, {
    value: second,
  });
}

/**
 * Checks that options are not given where there is nothing that they could decide.
 * @param where What leaves them without meaning, for the sentence.
 * @throws GanKitError `incompatible` that names the first of them that is given.
 */
export function checkMeaningless<T extends object>(
  options: T,
  names: readonly (keyof T & string)[],
  where: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new GanKitError('incompatible', `The option '${given}' means nothing to ${where}; leave it out.`, {
    value: options[given],
  });
}
