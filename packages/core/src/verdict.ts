// One vocabulary for what a discriminator says of a sample, and for how a loss reads it.

/**
 * What a discriminator's output is.
 *
 * - `logit`: one number for each sample or patch. Whether more of it means real is the loss's to say: see {@link Decision}.
 * - `two-class`: [batch, 2], the logits of a softmax, unit 0 for real and unit 1 for generated.
 * - `energy`: a number of at least 0 that is low on real samples, such as the reconstruction error of an autoencoder.
 */
export type Verdict = 'logit' | 'two-class' | 'energy';

/** A line between real and generated that lies at a fixed output. */
export interface Threshold {
  /** The output at which the discriminator is undecided; of `two-class`, the difference of unit 0 and unit 1. */
  readonly threshold: number;
  /** On which side of it real samples belong; `above` when absent. */
  readonly real?: 'above' | 'below' | undefined;
}

/**
 * Where the line between real and generated lies for a loss, and so what it means that the discriminator is right.
 *
 * - a {@link Threshold}: each output stands for itself.
 * - `pairs`: single outputs mean nothing; real sample i is to have more than generated sample i (relativistic losses).
 * - `above-mean`: a real sample is to have more than the average generated one, a generated sample less than the average real one.
 * - `none`: there is no such line (a critic's estimate of a distance, energies, a loss without a game). There is no accuracy then, and nothing can be steered by it.
 */
export type Decision = Threshold | 'pairs' | 'above-mean' | 'none';
