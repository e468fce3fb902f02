import type {
  AdversarialLoss,
  Communicator,
  Condition,
  Constraint,
  Discriminator,
  Generator,
  Optimizer,
  OptionNames,
  Penalty,
  RandomStream,
} from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** The game of one update: who plays, with which rule, on what. */
export interface GameOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  /**
   * Real samples: float32 [batch, ...shape]. Stays with the caller. Only a generator's update can do without, when neither the loss nor a
   * penalty looks at any.
   */
  readonly real?: tf.Tensor | undefined;
  /** Latents: float32 [batch, ...latentShape]. Stays with the caller. */
  readonly latent: tf.Tensor;
  /** What the penalties and the negatives draw from; each draw moves it on. */
  readonly random: RandomStream;
  /** The training step, from 0: scheduled weights and learning rates depend on it. 0 by default. */
  readonly step?: number | undefined;
  /** What the players are told about the real samples; nothing by default. */
  readonly condition?: Condition | undefined;
  /** What the players are told about the generated samples; the same by default. */
  readonly fakeCondition?: Condition | undefined;
  /** Whether to measure gradient norm, update ratio and diversity as well; false by default. */
  readonly watch?: boolean | undefined;
  /**
   * The processes that play this update together, each with its rows of every batch (real samples, latents, conditions); one alone by
   * default. The loss is that of the whole batch, and every process makes the same step.
   */
  readonly communicator?: Communicator | undefined;
}

/** What one update of one player needs. */
export interface UpdateOptions extends GameOptions {
  /** The optimiser of the player that is updated. */
  readonly optimizer: Optimizer;
  /** The penalties of the player that is updated; none by default. */
  readonly penalties?: readonly Penalty[] | undefined;
  /** What is done to the player's variables after the update; nothing by default. */
  readonly constraints?: readonly Constraint[] | undefined;
  /** Updates that this player has made: penalties with an interval depend on it. `step` by default. */
  readonly update?: number | undefined;
}

/** The names of {@link GameOptions}, for `checkOptions`. */
export const gameOptionNames: OptionNames<GameOptions> = {
  generator: 'required',
  discriminator: 'required',
  loss: 'required',
  real: 'optional',
  latent: 'required',
  random: 'required',
  step: 'optional',
  condition: 'optional',
  fakeCondition: 'optional',
  watch: 'optional',
  communicator: 'optional',
};

/** The names of {@link UpdateOptions}. */
export const updateOptionNames: OptionNames<UpdateOptions> = {
  ...gameOptionNames,
  optimizer: 'required',
  penalties: 'optional',
  constraints: 'optional',
  update: 'optional',
};
