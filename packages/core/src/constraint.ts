import type { NamedVariable } from './network.ts';
import type { Player } from './penalty.ts';

/** Something that is done to a player's variables right after each of its updates, for example clipping them. */
export interface Constraint {
  /** The name it has in messages, for example `weight-clipping`. */
  readonly name: string;
  /** The player whose variables it changes. */
  readonly player: Player;
  /** Changes the variables in place, the trainable ones only. Reads nothing back from the backend. */
  apply(variables: readonly NamedVariable[]): void;
}
