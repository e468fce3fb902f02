import type * as tf from '@tensorflow/tfjs';
import type { Communicator } from './communicator.ts';
import type { Condition, ConditionNeed } from './condition.ts';
import type { DiscriminatorOutput } from './discriminator.ts';
import type { NamedVariable } from './network.ts';
import type { ParameterGradient } from './optimizer.ts';
import type { RandomStream } from './random.ts';
import type { Verdict } from './verdict.ts';

/** One of the two players. */
export type Player = 'discriminator' | 'generator';

/** A number, or a function of the training step (from 0) that gives it. */
export type Scheduled = number | ((step: number) => number);

/** The value of a scheduled number at a step. */
export function valueAt(value: Scheduled, step: number): number {
  return typeof value === 'number' ? value : value(step);
}

/** What a penalty may look at while one player's objective is computed. Every function runs on that player's tape. */
export interface PenaltyContext {
  /** The training step, from 0. */
  readonly step: number;
  /** Draw here and nowhere else. */
  readonly random: RandomStream;
  /** Real samples: float32 [batch, ...shape]. Constant. */
  readonly real: tf.Tensor;
  /** Generated samples: constant in a discriminator update, on the tape in a generator update. */
  readonly fake: tf.Tensor;
  /** The latents that `fake` came from; absent when the fakes did not come from the generator. */
  readonly latent?: tf.Tensor | undefined;
  /** What the players are told about the real samples. */
  readonly condition?: Condition | undefined;
  /** What the players are told about the generated samples; often the same. */
  readonly fakeCondition?: Condition | undefined;
  /** The discriminator's outputs on `real`; present in a discriminator update, and in a generator update on request. */
  readonly realOutput?: DiscriminatorOutput | undefined;
  /** The discriminator's outputs on `fake`. */
  readonly fakeOutput: DiscriminatorOutput;
  /**
   * The processes that the batch is spread over; absent for one process. A term that is a mean over samples needs nothing of it: the
   * objective is the mean over the processes. One that couples samples joins them with `meanOverRanks` and `gatherRows`.
   */
  readonly communicator?: Communicator | undefined;
  /** The variables of the player that is being updated. */
  readonly variables: readonly NamedVariable[];
  /**
   * The discriminator as a function of samples (training mode).
   * @param conditionOf Whether it is told the condition of the real samples (the default) or that of the generated ones.
   */
  discriminate(samples: tf.Tensor, conditionOf?: 'real' | 'fake'): DiscriminatorOutput;
  /** The generator as a function of latents (training mode, condition of the generated samples). */
  generate(latent: tf.Tensor): tf.Tensor;
}

/**
 * A differentiable term that is added to one player's objective, times its weight.
 *
 * With `interval` n it is evaluated in every n-th update of its player and weighs n times as much there (lazy
 * regularisation, Karras 2020). One with state (LeCam's moving averages) also implements {@link Stateful}.
 */
export interface Penalty {
  /** The name it has in the registry, in events and in messages, for example `gradient-penalty`. */
  readonly name: string;
  /** The player whose objective it is added to. */
  readonly player: Player;
  readonly weight: Scheduled;
  /** Evaluated in every `interval`-th update of its player: a whole number from 1; 1 when absent. */
  readonly interval?: number | undefined;
  /** What it reads of the discriminator's output besides logits: `features`, and heads by name; nothing when absent. */
  readonly needsHeads?: readonly string[] | undefined;
  /** Whether, in a generator update, it reads `realOutput`; false when absent. */
  readonly needsRealOutput?: boolean | undefined;
  /** Whether it reads `latent`, and so cannot work on fakes that did not come from the generator; false when absent. */
  readonly needsLatent?: boolean | undefined;
  /** What it must find in the conditions, about the samples that it looks at; nothing when absent. */
  readonly needsCondition?: readonly ConditionNeed[] | undefined;
  /** The verdicts that it can read; all of them when absent. One that needs a single number for a sample leaves out `two-class`. */
  readonly verdicts?: readonly Verdict[] | undefined;
  /**
   * When present, the weight is not fixed in advance: the trainer takes the gradient of the player's loss with all penalties that
   * are not balanced, and that of this term apart (both over the same variables, in the same order), and adds the term's
   * gradient times its weight times this factor. A scalar on the backend, never read back. The caller owns it.
   */
  balance?(objective: readonly ParameterGradient[], term: readonly ParameterGradient[]): tf.Scalar;
  /** The term itself, not yet weighted: a scalar. The caller owns it. Moves the penalty's state, if any, by one update. */
  term(context: PenaltyContext): tf.Scalar;
  /** Frees the penalty's own state, if it has any. Whoever made the penalty calls it. */
  dispose?(): void;
}
