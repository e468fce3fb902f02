export { createLoss, type LossContext, type LossEntry, lossEntries, lossEntry, lossNames } from './losses.ts';
export {
  type BooleanOption,
  type ChoiceOption,
  checkOptionValues,
  type NumberOption,
  type OptionSchema,
  type OptionValues,
  parseOption,
} from './option.ts';
export { createPenalty, type PenaltyEntry, penaltyEntries, penaltyEntry, penaltyNames } from './penalties.ts';
