import type {
  AdversarialLoss,
  Condition,
  Constraint,
  Discriminator,
  Generator,
  Optimizer,
  Penalty,
  RandomStream,
} from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What one update of one player needs. */
export interface UpdateOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  /** The optimiser of the player that is updated. */
  readonly optimizer: Optimizer;
  /** Real samples: float32 [batch, ...shape]. Stays with the caller. */
  readonly real: tf.Tensor;
  /** Latents: float32 [batch, ...latentShape]. Stays with the caller. */
  readonly latent: tf.Tensor;
  /** What the penalties and the negatives draw from. */
  readonly random: RandomStream;
  /** The penalties of the player that is updated; none by default. */
  readonly penalties?: readonly Penalty[];
  /** What is done to the player's variables after the update; nothing by default. */
  readonly constraints?: readonly Constraint[];
  /** The training step, from 0: scheduled weights depend on it. 0 by default. */
  readonly step?: number;
  /** Updates that this player has made: penalties with an interval depend on it. `step` by default. */
  readonly update?: number;
  readonly condition?: Condition;
}

/** The options with their defaults, in the form that both updates use them. */
export function withDefaults(options: UpdateOptions) {
  const { optimizer, penalties = [], constraints = [], step = 0, update = step, condition } = options;
  const ofCondition = condition === undefined ? {} : { condition };
  return {
    step,
    ofCondition,
    /** The pass of the updated player that may move its moving averages; every other pass leaves them alone. */
    own: { training: true, updateState: true, ...ofCondition },
    other: { training: true, updateState: false, ...ofCondition },
    player: { optimizer, penalties, constraints, step, update },
  };
}
