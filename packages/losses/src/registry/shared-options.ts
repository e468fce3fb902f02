// Options that several losses or penalties have in common, described once.
import type { Player } from '@gankit/core';
import type { ChoiceOption, NumberOption, OptionSchema } from './option.ts';

/** The options of every loss that tells the discriminator labels. */
export const labelOptions = [
  {
    name: 'labelSmoothing',
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1,
    description: "how far the discriminator's labels are moved from 0 and 1",
  },
  {
    name: 'smoothing',
    type: 'choice',
    default: 'one-sided',
    choices: ['one-sided', 'symmetric'],
    description: 'which labels are smoothed: those of real samples only, or both',
  },
  {
    name: 'labelFlipping',
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1,
    description: "the probability that a sample's label is swapped in one discriminator update",
  },
] as const satisfies readonly OptionSchema[];

/** A penalty's weight. */
export function weightOption(defaultValue: number, description = 'how much the term counts in the objective') {
  return {
    name: 'weight',
    type: 'number',
    default: defaultValue,
    minimum: 0,
    description,
  } as const satisfies NumberOption;
}

/** A penalty's interval. */
export function intervalOption(defaultValue = 1) {
  return {
    name: 'interval',
    type: 'number',
    default: defaultValue,
    minimum: 1,
    integer: true,
    description: 'evaluated in every n-th update of its player, weighing n times as much there',
  } as const satisfies NumberOption;
}

/** Whose objective a penalty joins, for those that can join either. */
export function playerOption(defaultValue: Player) {
  return {
    name: 'player',
    type: 'choice',
    default: defaultValue,
    choices: ['discriminator', 'generator'],
    description: 'whose objective it joins',
  } as const satisfies ChoiceOption;
}
