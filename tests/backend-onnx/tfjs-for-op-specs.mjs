// Stands for `@tensorflow/tfjs` in the bundle, so that specs and backend share one copy of tfjs-core.
export * from '@tensorflow/tfjs-core';
