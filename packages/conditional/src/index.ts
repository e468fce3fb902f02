export type { CodeSpecification } from './code-specification.ts';
export { type CodesOptions, codes } from './conditioning/codes.ts';
export { combinedConditioning } from './conditioning/combined.ts';
export { dataConditions } from './conditioning/data-conditions.ts';
export { type DataLabelsOptions, dataLabels } from './conditioning/data-labels.ts';
export { dataVectors, imageCondition } from './conditioning/from-batch.ts';
export { type SampledLabelsOptions, sampledLabels } from './conditioning/sampled-labels.ts';
export { type ClassAccuracy, type ClassAccuracyOptions, classAccuracy } from './evaluation/class-accuracy.ts';
export {
  type ClassGridOptions,
  type ClassMorphOptions,
  type ClassPictures,
  type ClassPicturesOptions,
  classGrid,
  classMorph,
} from './evaluation/class-pictures.ts';
export { labelTensor } from './labels.ts';
export { type ClassificationOptions, classification } from './penalties/classification.ts';
export { type Contrastive2COptions, contrastive2C } from './penalties/contrastive-2c.ts';
export { type MutualInformationOptions, mutualInformation } from './penalties/mutual-information.ts';
export type { ConditionalPenaltyOptions } from './penalties/penalty-options.ts';
export { type ReconstructionOptions, reconstruction } from './penalties/reconstruction.ts';
export { type AuxiliaryClassifierOptions, auxiliaryClassifier } from './players/auxiliary-classifier.ts';
export { type CodeHeadOptions, codeHead } from './players/code-head.ts';
export {
  type ConcatenatedDiscriminatorOptions,
  concatenatedDiscriminator,
} from './players/concatenated-discriminator.ts';
export {
  ConditionalBatchNormalization,
  type ConditionalBatchNormalizationArgs,
  type ConditionalBatchNormalizationOptions,
  conditionalBatchNormalization,
} from './players/conditional-batch-normalization.ts';
export { type ConditionalDcganGeneratorOptions, conditionalDcganGenerator } from './players/conditional-dcgan.ts';
export { type ConditionalGeneratorOptions, conditionalGenerator } from './players/conditional-generator.ts';
export {
  type ContrastiveDiscriminator,
  type ContrastiveDiscriminatorOptions,
  type ContrastiveEmbeddings,
  contrastiveDiscriminator,
} from './players/contrastive-discriminator.ts';
export type { FeatureVectorOptions, Pooling } from './players/feature-vector.ts';
export {
  type ImageConditionedOptions,
  imageConditionedDiscriminator,
  imageConditionedGenerator,
} from './players/image-conditioned.ts';
export type { EmbeddingOption, LearnedEmbedding } from './players/label-embedding.ts';
export { type ProjectionDiscriminatorOptions, projectionDiscriminator } from './players/projection-discriminator.ts';
export type { ToldVectorsOptions } from './players/told-vectors.ts';
