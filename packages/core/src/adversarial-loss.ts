import type * as tf from '@tensorflow/tfjs';
import type { DiscriminatorOutput } from './discriminator.ts';
import type { Decision, Verdict } from './verdict.ts';

/**
 * The rule of the game: what each player minimises, as a function of the discriminator's outputs.
 *
 * A loss is pure: it owns no variables and steps no optimiser. One with state (BEGAN's k) also implements
 * {@link Stateful} and `afterDiscriminatorUpdate`.
 */
export interface AdversarialLoss {
  /** The name it has in the registry and in messages, for example `non-saturating`. */
  readonly name: string;
  /** What the discriminator's output must be; `logit` when absent. Hand it on: `mlpDiscriminator({ verdict: loss.verdict })`. */
  readonly verdict?: Verdict | undefined;
  /** Where the line between real and generated lies; `none` when absent. Accuracies are read with it. */
  readonly decision?: Decision | undefined;
  /**
   * Whether the sigmoid of an output (of `two-class`: of the difference of both units) is the probability that the discriminator
   * gives to "real"; false when absent. Scores, D(x) and D(G(z)), exist only then.
   */
  readonly probabilities?: boolean | undefined;
  /**
   * What `generatorLoss` reads besides the outputs on generated samples; nothing when absent. `real`: the outputs on real samples
   * (relativistic losses). `samples`: the samples themselves (a loss that compares pixels).
   */
  readonly generatorNeeds?: readonly ('real' | 'samples')[] | undefined;
  /** The discriminator's objective: a scalar to minimise. The caller owns it. */
  discriminatorLoss(outputs: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput }): tf.Scalar;
  /** The generator's objective: a scalar to minimise. The caller owns it. */
  generatorLoss(outputs: {
    readonly fake: DiscriminatorOutput;
    readonly real?: DiscriminatorOutput | undefined;
    /** The batches themselves, both float32 [batch, ...shape]; `fake` on the generator's tape. */
    readonly samples?: { readonly real: tf.Tensor; readonly fake: tf.Tensor } | undefined;
    /** The training step, from 0; 0 when absent. A loss that changes with time reads it. */
    readonly step?: number | undefined;
  }): tf.Scalar;
  /** Called once after each discriminator update with that update's outputs; the place to move the loss's own state. */
  afterDiscriminatorUpdate?(outputs: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput }): void;
  /** Frees the loss's own state, if it has any. Whoever made the loss calls it. */
  dispose?(): void;
}
