export { type ClassCoverage, classCoverage, stackedClasses } from './class-coverage.ts';
export { type Classification, classification } from './classification.ts';
export { type Copying, type CopyingOptions, type CopyingSets, copying } from './copying.ts';
export { energyDistance } from './energy-distance.ts';
export { changeBetween, type EvaluatedSet, type EvaluateOptions, type Evaluation, evaluate } from './evaluation.ts';
export { digitFeatures } from './extractors/digits/digit-features.ts';
export type {
  Extracted,
  ExtractorIdentity,
  FeatureExtractor,
} from './extractors/feature-extractor.ts';
export { type ModelFeaturesOptions, modelFeatures } from './extractors/model-features.ts';
export { type PixelFeaturesOptions, pixelFeatures } from './extractors/pixel-features.ts';
export type { ImageInput } from './extractors/prepare-images.ts';
export { resizeImages } from './extractors/resize-images.ts';
export { type ValueFeaturesOptions, valueFeatures } from './extractors/value-features.ts';
export { type ExtractFeaturesOptions, extractFeatures, type FeatureSet, type KnownModes } from './feature-set.ts';
export type { Features } from './features.ts';
export { type FrechetDistanceOptions, frechetDistance } from './frechet-distance.ts';
export { type FrechetInfinity, type FrechetInfinityOptions, frechetInfinity } from './frechet-infinity.ts';
export type { Images } from './images.ts';
export { type InceptionScore, type InceptionScoreOptions, inceptionScore } from './inception-score.ts';
export { intraClassFrechet, type LabelledFeatures } from './intra-class-frechet.ts';
export { type KernelDistance, type KernelDistanceOptions, kernelDistance } from './kernel-distance.ts';
export { gaussianKernel, type Kernel, type PolynomialKernelOptions, polynomialKernel } from './kernels.ts';
export { type FeatureClassifier, linearDiscriminant } from './linear-discriminant.ts';
export { type MaximumMeanDiscrepancyOptions, maximumMeanDiscrepancy } from './maximum-mean-discrepancy.ts';
export { type ModeCoverage, type ModeCoverageOptions, modeCoverage } from './mode-coverage.ts';
export { MomentAccumulator, type Moments, momentsOf } from './moments.ts';
export { type MsSsimDiversityOptions, msSsim, msSsimDiversity } from './ms-ssim.ts';
export { type Neighbours, nearestNeighbours, neighboursWithin } from './nearest-neighbours.ts';
export { wassersteinDistance } from './optimal-transport.ts';
export { type PatchWasserstein, type PatchWassersteinOptions, patchWasserstein } from './patch-wasserstein.ts';
export { type Prdc, type PrdcOptions, prdc } from './prdc.ts';
export {
  type FeatureCurveOptions,
  type HistogramCurveOptions,
  histogramCurve,
  largestFScore,
  type PrecisionRecallCurve,
  precisionRecallCurve,
} from './precision-recall-curve.ts';
export { arrayBatches, dataBatches, type GeneratedBatchesOptions, generatedBatches } from './sample-batches.ts';
export { type SetMetric, type SetMetricName, setMetricNames, setMetrics } from './set-metrics.ts';
export { type SlicedWassersteinOptions, slicedWasserstein } from './sliced-wasserstein.ts';
export { wasserstein1d } from './wasserstein-1d.ts';
