// One game on several processes, for loops written by hand: the optimiser sees the mean gradient of all of them.
import { type Communicator, meanGradients, type Optimizer } from '@gankit/core';
import { withTransformedGradients } from './transformed-gradients.ts';

/**
 * An optimiser that gives `optimizer` the mean of the gradients of all processes, so that equal weights stay equal. Every process calls it
 * at the same time with gradients of the same variables. A trainer and its updates do this themselves when they are given a communicator.
 *
 * `accumulateGradients(dataParallel(clipByGlobalNorm(adam(), 1), communicator), 4)` collects on each process, joins once and clips the mean.
 * It has no state of its own and owns `optimizer`.
 */
export function dataParallel(optimizer: Optimizer, communicator: Communicator): Optimizer & Disposable {
  return withTransformedGradients(optimizer, (gradients) => meanGradients(gradients, communicator));
}
