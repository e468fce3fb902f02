export { type AutoencodingDiscriminatorOptions, autoencodingDiscriminator } from './autoencoding-discriminator.ts';
export {
  type DcganDiscriminatorOptions,
  type DcganGeneratorOptions,
  dcganDiscriminator,
  dcganGenerator,
} from './dcgan.ts';
export { type DiscriminatorFromLayersOptions, discriminatorFromLayers } from './discriminator-from-layers.ts';
export {
  type DiscriminatorFromFunctionOptions,
  discriminatorFromFunction,
  type FunctionOptions,
  type GeneratorFromFunctionOptions,
  generatorFromFunction,
} from './from-function.ts';
export {
  decodeGenerator,
  encodeGenerator,
  type GeneratorBuilder,
  type GeneratorFiles,
  type LoadedGenerator,
} from './generator-file.ts';
export { type GeneratorFromLayersOptions, generatorFromLayers } from './generator-from-layers.ts';
export type { GeneratorSpecification } from './generator-specification.ts';
export { GroupedConv2D, type GroupedConv2DArgs, groupedConv2d } from './grouped-convolution.ts';
export type { Growing } from './growth.ts';
export {
  dcganInitialization,
  glorotInitialization,
  heInitialization,
  type Initialization,
  initialize,
} from './initialization.ts';
export {
  type InterpolateOptions,
  type Interpolation,
  interpolate,
  linearInterpolation,
  sphericalInterpolation,
} from './latent/interpolate.ts';
export { type Inversion, type InvertOptions, invert } from './latent/invert.ts';
export { type LatentWalkOptions, latentWalk } from './latent/latent-walk.ts';
export { type Morph, type MorphEnd, morph } from './latent/morph.ts';
export type { FromLayersOptions } from './layers-network.ts';
export { layersVariables } from './layers-variables.ts';
export {
  type HiddenActivation,
  type MlpDiscriminatorOptions,
  type MlpGeneratorOptions,
  mlpDiscriminator,
  mlpGenerator,
} from './mlp.ts';
export { type Normalization, normalizedActivation } from './normalization.ts';
export { type PatchDiscriminatorOptions, patchDiscriminator } from './patchgan.ts';
export type { DiscriminatorOptions, GeneratorOptions } from './player-options.ts';
export {
  type ProgressiveDiscriminatorOptions,
  type ProgressiveGeneratorOptions,
  progressiveDiscriminator,
  progressiveGenerator,
} from './progressive.ts';
export {
  type GrowthPosition,
  type GrowthSchedule,
  type GrowthStage,
  type ProgressiveScheduleOptions,
  progressiveSchedule,
} from './progressive-schedule.ts';
export {
  type R3ganBlockOptions,
  type R3ganDiscriminatorOptions,
  type R3ganGeneratorOptions,
  r3ganBlock,
  r3ganDiscriminator,
  r3ganGenerator,
} from './r3gan.ts';
export {
  type DiscriminatorBlockOptions,
  discriminatorBlock,
  type GeneratorBlockOptions,
  generatorBlock,
} from './residual-block.ts';
export {
  type ResnetBlock,
  type ResnetDiscriminatorOptions,
  type ResnetGeneratorOptions,
  resnetDiscriminator,
  resnetGenerator,
} from './resnet.ts';
export type { GeneratorDocument, LatentSpecification } from './share/generator-document.ts';
export { encodeLayersModel, type LayersModelFiles, layersModelOf } from './share/layers-model.ts';
export { type LoadGeneratorFromUrlOptions, loadGeneratorFromUrl } from './share/load-generator-from-url.ts';
export { type ExportOnnxOptions, exportOnnx } from './share/onnx/export-onnx.ts';
export { type SpatialGeneratorOptions, spatialGenerator } from './spatial-generator.ts';
export type { StartingWeights } from './starting-weights.ts';
export { type CountFlopsOptions, countFlops, type FlopCount } from './summary/count-flops.ts';
export { countParameters, type ParameterCount, summary } from './summary/summary.ts';
export { type UnetGeneratorOptions, unetGenerator } from './unet.ts';
