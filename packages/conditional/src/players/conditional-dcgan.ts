import { checkOptions, type Generator } from '@gankit/core';
import { type DcganGeneratorOptions, dcganGenerator } from '@gankit/models';
import { conditionalBatchNormalization } from './conditional-batch-normalization.ts';

/** Options of {@link conditionalDcganGenerator}. */
export interface ConditionalDcganGeneratorOptions extends Omit<DcganGeneratorOptions, 'normalization'> {
  /** Number of classes. */
  readonly classes: number;
}

/**
 * The DCGAN generator with conditional batch normalisation after each convolution: the class decides scale and offset of every
 * channel. Scales start from N(1, 0.02) and offsets from 0, so that classes look alike at first. Made with a latent that is longer by
 * `classes` and wrapped in `conditionalGenerator`, it is told the class at both ends, and learns to tell classes apart sooner.
 * @throws GanKitError `invalid-shape` for images that cannot be halved, `invalid-argument` for fewer than 2 classes. `generate`
 *   throws `incompatible` when it is told no class.
 */
export function conditionalDcganGenerator(options: ConditionalDcganGeneratorOptions): Generator & Disposable {
  checkOptions('conditionalDcganGenerator', options, {
    outputShape: 'required',
    classes: 'required',
    random: 'required',
    latentSize: 'optional',
    latentDistribution: 'optional',
    width: 'optional',
    imageLayer: 'optional',
  });
  const { classes, ...rest } = options;
  return dcganGenerator({ ...rest, normalization: conditionalBatchNormalization({ classes }) });
}
