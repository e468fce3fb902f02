export type { CodeSpecification } from './code-specification.ts';
export { type CodesOptions, codes } from './conditioning/codes.ts';
export { combinedConditioning } from './conditioning/combined.ts';
export { dataLabels } from './conditioning/data-labels.ts';
export { dataVectors, imageCondition } from './conditioning/from-batch.ts';
export { type SampledLabelsOptions, sampledLabels } from './conditioning/sampled-labels.ts';
export { labelTensor } from './labels.ts';
export {
  ConditionalBatchNormalization,
  type ConditionalBatchNormalizationArgs,
  type ConditionalBatchNormalizationOptions,
  conditionalBatchNormalization,
} from './players/conditional-batch-normalization.ts';
export { type ConditionalDcganGeneratorOptions, conditionalDcganGenerator } from './players/conditional-dcgan.ts';
export { type ConditionalGeneratorOptions, conditionalGenerator } from './players/conditional-generator.ts';
export type { EmbeddingOption, LearnedEmbedding } from './players/label-embedding.ts';
