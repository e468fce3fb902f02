export { constantRate } from './constant-rate.ts';
export { type CosineRateOptions, cosineRate } from './cosine-rate.ts';
export { type ExponentialRateOptions, exponentialRate } from './exponential-rate.ts';
export { type LinearRateOptions, linearRate } from './linear-rate.ts';
export { type StepRateOptions, stepRate } from './step-rate.ts';
