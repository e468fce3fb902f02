// One update of any network: for games of more than two, and for networks that are no players.

import { type Communicator, type Constraint, checkOptions, type Network, type Optimizer } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { keeping } from './kept-tensors.ts';
import { applyObjective, objectiveOf } from './objective.ts';

export interface MinimizeOptions {
  /** The training step, from 0, that learning rates follow; the optimiser's own updates by default. */
  readonly step?: number | undefined;
  /** What is done to the variables after the update; nothing by default. */
  readonly constraints?: readonly Constraint[] | undefined;
  /** The processes that minimise the mean of their scalars together; one alone by default. */
  readonly communicator?: Communicator | undefined;
}

/**
 * Makes one optimiser step that lowers a scalar over a network's trainable variables: a third player, a pair of generators
 * (CycleGAN), an encoder (BiGAN). The two updates of a plain game are `updateDiscriminator` and `updateGenerator`.
 *
 * @param scalar Computes what is minimised, on the tape. Networks other than this one are constants in it; give them
 *   `updateState: false`, so that their moving averages stay.
 * @returns The scalar before the step, on the backend; the caller owns it.
 * @throws GanKitError `incompatible` for a network that has no trainable variables, `conflict` for an optimiser of another network.
 */
export function minimize(
  network: Pick<Network, 'name' | 'variables'>,
  optimizer: Optimizer,
  scalar: () => tf.Scalar,
  options: MinimizeOptions = {},
): tf.Scalar {
  checkOptions('minimize', options, { step: 'optional', constraints: 'optional', communicator: 'optional' });
  return keeping((keep) => {
    const player = { network, optimizer, ...options };
    // No penalties, so nothing reads the context.
    const { adversarialLoss, gradients } = objectiveOf(
      player,
      () => ({ loss: scalar(), context: undefined as never }),
      keep,
    );
    applyObjective(player, gradients, keep);
    return adversarialLoss;
  });
}

/** Several networks as one, for an objective that they share: the two generators of a CycleGAN. Names get the network's place. */
export function jointly(...networks: readonly Network[]): Pick<Network, 'name' | 'variables'> {
  return {
    name: networks.map(({ name }) => name).join(' and '),
    variables: networks.flatMap(({ variables }, index) =>
      variables.map((variable) => ({ ...variable, name: `${index}.${variable.name}` })),
    ),
  };
}
