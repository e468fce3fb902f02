export { buildGenerator } from './build-generator.ts';
export { discriminators } from './discriminators.ts';
export { type GeneratorTraits, generators } from './generators.ts';
export type { DiscriminatorContext, GeneratorContext } from './player-context.ts';
