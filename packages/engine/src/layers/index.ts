// Derivatives of layers of any order, and a tf.layers.batchNormalization that heeds `updateState`.
import '../gradients/index.ts';

export { BatchNormalization, type BatchNormalizationArgs, batchNormalization } from './batch-normalization.ts';
export { Blur, blur } from './blur.ts';
export {
  type EqualizedArgs,
  EqualizedConv2D,
  type EqualizedConv2DArgs,
  EqualizedDense,
  type EqualizedDenseArgs,
  equalizedConv2d,
  equalizedDense,
} from './equalized.ts';
export {
  GroupNormalization,
  type GroupNormalizationArgs,
  groupNormalization,
  InstanceNormalization,
  type InstanceNormalizationArgs,
  instanceNormalization,
} from './group-normalization.ts';
export type { CallOptions, LayerArgs } from './layer-call.ts';
export {
  MinibatchStandardDeviation,
  type MinibatchStandardDeviationArgs,
  minibatchStandardDeviation,
} from './minibatch-standard-deviation.ts';
export { nestedLayers } from './nested-layers.ts';
export type { NormalizedActivation } from './normalize-batch.ts';
export { PixelNormalization, type PixelNormalizationArgs, pixelNormalization } from './pixel-normalization.ts';
export { PixelShuffle, type PixelShuffleArgs, pixelShuffle } from './pixel-shuffle.ts';
export { divideByNorm, powerIteration, type SingularVectors, spectralNorm } from './power-iteration.ts';
export { SeededDropout, type SeededDropoutArgs, seededDropout } from './seeded-dropout.ts';
export { SeededGaussianNoise, type SeededGaussianNoiseArgs, seededGaussianNoise } from './seeded-gaussian-noise.ts';
export { SelfAttention, type SelfAttentionArgs, selfAttention } from './self-attention.ts';
export {
  SpectralNormalization,
  type SpectralNormalizationArgs,
  spectralNormalization,
} from './spectral-normalization.ts';
export { type UnseededLayer, unseededLayers } from './unseeded-layers.ts';
