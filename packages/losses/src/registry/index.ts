export { constraints } from './constraints.ts';
export { type LossContext, type LossReading, losses } from './losses.ts';
export { type PenaltyFit, penalties } from './penalties.ts';
