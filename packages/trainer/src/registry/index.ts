export { negatives } from './negatives.ts';
export type { PartContext } from './part-context.ts';
export { schedules } from './schedules.ts';
export { type StabilizedGame, type Stabilizer, type StabilizerTraits, stabilizers } from './stabilizers.ts';
