// Every constraint by name: what is done to a player's weights after each of its updates.
import type { Constraint } from '@gankit/core';
import { entryOf, number, option, registry } from '@gankit/core/registry';
import { clipWeights } from '../clip-weights.ts';
import { playerOption } from './shared-options.ts';

const constraint = entryOf<Constraint>();

/** Every constraint. */
export const constraints = registry('constraint', [
  constraint({
    name: 'clip-weights',
    title: 'Weight clipping',
    description: 'every weight within +-limit after each update, as the first Wasserstein GAN did it',
    source: 'Arjovsky, Chintala and Bottou 2017',
    options: {
      limit: option(number({ minimum: 0 }), {
        default: 0.01,
        description: 'the greatest absolute value of a weight, above 0',
      }),
      player: playerOption('discriminator'),
    },
    create: (options) => clipWeights(options),
  }),
]);
