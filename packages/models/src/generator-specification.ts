// What is kept beside a generator's weights, so that it can be built again.
import type { NamedPart } from '@gankit/core/registry';

/** Everything that is needed to build a generator again: plain JSON, kept beside its weights. */
export interface GeneratorSpecification {
  /** Its name and options in the registry of generators. */
  readonly generator: NamedPart;
  /** Shape of one sample without the batch axis. */
  readonly sampleShape: readonly number[];
  /** What it is told, by names and options in the registry of conditionings; nothing when absent. */
  readonly conditioning?: readonly NamedPart[] | undefined;
  /** Number of classes of the data, for a generator that is told one. */
  readonly classes?: number | undefined;
  /** Shape of the image that it is told, for one that turns images into others. */
  readonly pairedShape?: readonly number[] | undefined;
}
