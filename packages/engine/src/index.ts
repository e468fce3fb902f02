export { registerKernels } from './kernels/index.ts';
export * from './optimizers/index.ts';
