import type * as tf from '@tensorflow/tfjs';
import type { DiscriminatorOutput } from './discriminator.ts';

/**
 * The rule of the game: what each player minimises, as a function of the discriminator's outputs.
 *
 * A loss is pure: it owns no variables and steps no optimiser. One with state (BEGAN's k) also implements
 * {@link Stateful} and `afterDiscriminatorUpdate`.
 */
export interface AdversarialLoss {
  /** The name it has in the registry and in messages, for example `non-saturating`. */
  readonly name: string;
  /** Whether `generatorLoss` needs the discriminator's outputs on real samples (relativistic losses do). */
  readonly generatorNeedsReal: boolean;
  /**
   * What the logits must look like; `any` when absent. `two-class` means [batch, 2], unit 0 for real and unit 1 for
   * generated. `energy` means numbers of at least 0 that are low on real samples, such as the reconstruction error of
   * an autoencoding discriminator: see `Discriminator.verdict`.
   */
  readonly logits?: 'any' | 'two-class' | 'energy';
  /** Whether `generatorLoss` reads `samples`; false when absent (only a loss that compares pixels does). */
  readonly generatorNeedsSamples?: boolean;
  /** The discriminator's objective: a scalar to minimise. The caller owns it. */
  discriminatorLoss(outputs: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput }): tf.Scalar;
  /** The generator's objective: a scalar to minimise. The caller owns it. */
  generatorLoss(outputs: {
    readonly fake: DiscriminatorOutput;
    readonly real?: DiscriminatorOutput;
    /** The batches themselves, both float32 [batch, ...shape]; `fake` on the generator's tape. */
    readonly samples?: { readonly real: tf.Tensor; readonly fake: tf.Tensor };
    /** The training step, from 0; 0 when absent. A loss that changes with time reads it. */
    readonly step?: number;
  }): tf.Scalar;
  /** Called once after each discriminator update with that update's outputs; the place to move the loss's own state. */
  afterDiscriminatorUpdate?(outputs: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput }): void;
  /** Frees the loss's own state, if it has any. Whoever made the loss calls it. */
  dispose?(): void;
}
