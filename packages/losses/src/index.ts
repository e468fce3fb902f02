export { type BalanceOptions, balanceByGradientRatio } from './balance-by-gradient-ratio.ts';
export { type BeganLoss, type BeganOptions, began } from './began.ts';
export { type ClipWeightsOptions, clipWeights } from './clip-weights.ts';
export { type DualContrastiveOptions, dualContrastive } from './dual-contrastive.ts';
export { type EbganOptions, ebgan } from './ebgan.ts';
export { type Divergence, divergences, type FGanOptions, fGan } from './f-gan.ts';
export { hinge } from './hinge.ts';
export type { LabelOptions } from './labels.ts';
export { type LeastSquaresOptions, leastSquares } from './least-squares.ts';
export { minimax } from './minimax.ts';
export { nonSaturating } from './non-saturating.ts';
export {
  type Augmentation,
  type FlipAndShiftOptions,
  flipAndShift,
  type GaussianNoiseOptions,
  gaussianNoise,
} from './penalties/augmentations.ts';
export { balancedConsistency, type ConsistencyOptions, consistency } from './penalties/consistency.ts';
export { dragan } from './penalties/dragan.ts';
export { type FeatureMatchingOptions, featureMatching } from './penalties/feature-matching.ts';
export { type GradientPenaltyOptions, gradientPenalty } from './penalties/gradient-penalty.ts';
export { type HistoricalAveragingOptions, historicalAveraging } from './penalties/historical-averaging.ts';
export { gradientLength, inputGradient, squaredInputGradient } from './penalties/input-gradient.ts';
export { interpolate } from './penalties/interpolate.ts';
export { type LatentConsistencyOptions, latentConsistency } from './penalties/latent-consistency.ts';
export { type LecamOptions, lecam } from './penalties/lecam.ts';
export { maximumGradientPenalty } from './penalties/maximum-gradient-penalty.ts';
export { type ModeSeekingOptions, modeSeeking } from './penalties/mode-seeking.ts';
export { type PathLengthOptions, pathLength } from './penalties/path-length.ts';
export type { PenaltyOptions } from './penalties/penalty-options.ts';
export { pullingAway } from './penalties/pulling-away.ts';
export { type R1Options, r1 } from './penalties/r1.ts';
export { type R2Options, r2 } from './penalties/r2.ts';
export { type WassersteinDivergenceOptions, wassersteinDivergence } from './penalties/wasserstein-divergence.ts';
export { zeroCenteredGradientPenalty } from './penalties/zero-centered-gradient-penalty.ts';
export { relativisticAverage } from './relativistic-average.ts';
export { relativisticPairing } from './relativistic-pairing.ts';
export { softmaxGan } from './softmax-gan.ts';
export { squaredError } from './squared-error.ts';
export { stopGradient } from './stop-gradient.ts';
export { twoClassSoftmax } from './two-class-softmax.ts';
export { wasserstein } from './wasserstein.ts';
