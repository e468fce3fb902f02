export * from './backend/index.ts';
export * from './optimizers/index.ts';
