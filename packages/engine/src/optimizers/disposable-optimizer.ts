import { disposable, type Optimizer } from '@gankit/core';

/** The same optimiser, so that `using optimizer = adam()` frees it at the end of the block. */
export function disposableOptimizer<T extends Optimizer>(optimizer: T): T & Disposable {
  return Object.assign(optimizer, disposable(optimizer.dispose.bind(optimizer)));
}
