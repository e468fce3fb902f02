export { accumulateGradients } from './accumulate-gradients.ts';
export { type AdamOptions, adam } from './adam.ts';
export { type AdamWOptions, adamW } from './adam-w.ts';
export { clipByGlobalNorm, globalNorm } from './clip-by-global-norm.ts';
export { clipByValue } from './clip-by-value.ts';
export { fromTfOptimizer } from './from-tf-optimizer.ts';
export * from './learning-rates/index.ts';
export { type RmsPropOptions, rmsProp } from './rms-prop.ts';
export { type SgdOptions, sgd } from './sgd.ts';
export { type GradientTransform, withTransformedGradients } from './transformed-gradients.ts';
export {
  type AdjustableOptimizer,
  optimizerFromRule,
  type ParameterUpdate,
  type UpdatedParameter,
  type UpdateRule,
} from './update-rule.ts';
