export { buildConditionalGenerator, toldPlayers } from './build-conditional-generator.ts';
export { conditionings, type ToldDiscriminatorOptions, type ToldFacts, type ToldPlayers } from './conditionings.ts';
