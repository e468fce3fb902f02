// Options that several losses or penalties have in common, described once.
import type { Player } from '@gankit/core';
import { choice, number, option, wholeNumber } from '@gankit/core/registry';

/** The options of every loss that tells the discriminator labels. */
export const labelOptions = {
  labelSmoothing: option(number({ minimum: 0, maximum: 1 }), {
    default: 0,
    description: "how far the discriminator's labels are moved from 0 and 1",
  }),
  smoothing: option(choice(['one-sided', 'symmetric']), {
    default: 'one-sided',
    description: 'which labels are smoothed: those of real samples only, or both',
  }),
  labelFlipping: option(number({ minimum: 0, maximum: 1 }), {
    default: 0,
    description: "the probability that a sample's label is swapped in one discriminator update",
  }),
};

/** A penalty's weight, or what its weight is computed from. */
export function weightOption(defaultValue: number, description = 'how much the term counts in the objective') {
  return option(number({ minimum: 0 }), { default: defaultValue, description });
}

/** A penalty's interval. */
export const interval = option(wholeNumber(), {
  default: 1,
  description: 'evaluated in every n-th update of its player, weighing n times as much there',
});

/** Whose objective a penalty joins, for those that can join either. */
export function playerOption(defaultValue: Player) {
  return option(choice(['discriminator', 'generator']), {
    default: defaultValue,
    description: 'whose objective it joins',
  });
}
