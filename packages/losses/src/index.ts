export type { LabelOptions } from './labels.ts';
export { minimax } from './minimax.ts';
export { nonSaturating } from './non-saturating.ts';
