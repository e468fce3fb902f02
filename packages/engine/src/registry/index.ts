export { optimizers } from './optimizers.ts';
export { type RateContext, type RateFactor, rates } from './rates.ts';
