import type { RandomStream, Verdict } from '@gankit/core';
import type { Normalization } from '../normalization.ts';

/** What a generator is made for, besides its options. */
export interface GeneratorContext {
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  readonly random: RandomStream;
  /** Numbers that a conditioning appends to the latent; 0 when absent. */
  readonly moreLatent?: number | undefined;
  /** What normalises its activations instead of what the options say, such as a normalisation by class. */
  readonly normalization?: Normalization | undefined;
  /** Channels of the image that it is told, for one that turns images into others; those of the sample when absent. */
  readonly conditionChannels?: number | undefined;
  /** Steps of the whole run, for networks that grow; a network that is only used stands at its full size. */
  readonly steps?: number | undefined;
}

/** What a discriminator is made for, besides its options. */
export interface DiscriminatorContext {
  /** Shape of one sample without the batch axis, with the channels that a conditioning adds. */
  readonly shape: readonly number[];
  readonly random: RandomStream;
  /** What it says of a sample: what the loss needs. */
  readonly verdict: Verdict;
  /** Channels of the image that it is told besides, for image-to-image games; 0 when absent. */
  readonly conditionChannels?: number | undefined;
  /** As for the generator. */
  readonly steps?: number | undefined;
}
