export { type AdamOptions, adam } from './adam.ts';
export { type AdamWOptions, adamW } from './adam-w.ts';
export { type RmsPropOptions, rmsProp } from './rms-prop.ts';
export { type SgdOptions, sgd } from './sgd.ts';
export {
  type AdjustableOptimizer,
  optimizerFromRule,
  type ParameterUpdate,
  type UpdatedParameter,
  type UpdateRule,
} from './update-rule.ts';
