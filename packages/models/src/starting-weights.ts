// Starting weights as options of the adapters.
import { GanKitError, type NamedVariable, type RandomStream } from '@gankit/core';
import { type Initialization, initialize } from './initialization.ts';

/** Where the weights of a player start. Both or neither. */
export interface StartingWeights {
  /** Fills the weights; they stay as they are when absent. */
  readonly initialization?: Initialization | undefined;
  /** What `initialization` draws from: forks of it, under what the player is (generator or discriminator), its name and the weights'. */
  readonly random?: RandomStream | undefined;
}

/** The names of {@link StartingWeights}, for `checkOptions`. */
export const startingWeightNames = { initialization: 'optional', random: 'optional' } as const;

/**
 * Fills variables as the options say.
 * @param name The player's, when it has one that is the same in every process.
 * @throws GanKitError `incompatible` for one of both options without the other, and when nothing was filled.
 */
export function startWeights(
  kind: 'generator' | 'discriminator',
  name: string | undefined,
  variables: readonly NamedVariable[],
  { initialization, random }: StartingWeights,
): void {
  if (initialization === undefined && random === undefined) return;
  if (initialization === undefined || random === undefined) {
    const [given, missing] = random === undefined ? ['initialization', 'random'] : ['random', 'initialization'];
    throw new GanKitError(
      'incompatible',
      `The option '${given}' of a ${kind} is of use only with '${missing}', which is missing; give both or neither.`,
      { value: given },
    );
  }
  initialize(variables, initialization, random.fork(kind).fork(name ?? 'layers'));
}
